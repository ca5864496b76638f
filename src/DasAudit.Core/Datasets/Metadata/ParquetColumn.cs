using System.Globalization;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace DasAudit.Core.Datasets.Metadata;

/// <summary>One column of a group of rows in a Parquet file, as texts.</summary>
internal static class ParquetColumn
{
    /// <summary>The values, one for each row.</summary>
    public static IReadOnlyList<MetadataValue> Read(ParquetRowGroupReader rows, Field column) =>
        Leaf(column) is { } leaf ? ReadLeaf(rows, leaf, column) : Unusable(rows, column);

    /// <summary>The column's only sequence of values: its own or its list's; null for anything nested deeper.</summary>
    private static DataField? Leaf(Field column) =>
        column switch
        {
            DataField leaf => leaf,
            ListField { Item: DataField leaf } => leaf,
            _ => null,
        };

    private static List<MetadataValue> Unusable(ParquetRowGroupReader rows, Field column)
    {
        var kind = column is ListField ? "a list of other things than texts" : "an object";
        return [.. Enumerable.Repeat(MetadataValue.Unusable(kind), (int)rows.RowCount)];
    }

    private static List<MetadataValue> ReadLeaf(ParquetRowGroupReader rows, DataField leaf, Field column)
    {
        using var data = rows.ReadRawColumnDataBaseAsync(leaf).AsTask().GetAwaiter().GetResult();
        var texts = TextsOf(data);
        if (texts is null)
            return Unusable(rows, column);
        var values = new List<MetadataValue>();
        var definitions = leaf.MaxDefinitionLevel == 0 ? [] : data.DefinitionLevels;
        var repetitions = leaf.MaxRepetitionLevel == 0 ? [] : data.RepetitionLevels;
        var count = leaf.MaxDefinitionLevel == 0 ? texts.Count : definitions.Length;
        var next = 0;
        for (var i = 0; i < count; i++)
        {
            var isThere = leaf.MaxDefinitionLevel == 0 || definitions[i] == leaf.MaxDefinitionLevel;
            var value = isThere ? MetadataValue.Of(texts[next++]) : MetadataValue.None;
            if (repetitions.Length > 0 && repetitions[i] > 0)
                values[^1] = MetadataValue.Of([values[^1], value]);
            else
                values.Add(value);
        }

        return values;
    }

    /// <summary>The values that are there; null for types without a plain text.</summary>
    private static List<string>? TextsOf(RawColumnData data) =>
        data switch
        {
            RawColumnData<ReadOnlyMemory<char>> texts => TextsOf(texts, text => text.ToString()),
            RawColumnData<bool> values => TextsOf(values, value => value ? "true" : "false"),
            RawColumnData<sbyte> values => Numbers(values),
            RawColumnData<byte> values => Numbers(values),
            RawColumnData<short> values => Numbers(values),
            RawColumnData<ushort> values => Numbers(values),
            RawColumnData<int> values => Numbers(values),
            RawColumnData<uint> values => Numbers(values),
            RawColumnData<long> values => Numbers(values),
            RawColumnData<ulong> values => Numbers(values),
            RawColumnData<decimal> values => Numbers(values),
            RawColumnData<float> values => TextsOf(values, value => Number(value)),
            RawColumnData<double> values => TextsOf(values, value => Number(value)),
            _ => null,
        };

    // pandas writes NaN where it has no number.
    private static string Number<T>(T value)
        where T : struct, System.Numerics.IFloatingPoint<T> =>
        T.IsFinite(value) ? value.ToString(null, CultureInfo.InvariantCulture) : "";

    private static List<string> Numbers<T>(RawColumnData<T> data)
        where T : struct, IFormattable => TextsOf(data, value => value.ToString(null, CultureInfo.InvariantCulture));

    private static List<string> TextsOf<T>(RawColumnData<T> data, Func<T, string> text)
        where T : struct
    {
        var texts = new List<string>(data.Values.Length);
        foreach (var value in data.Values)
            texts.Add(text(value));
        return texts;
    }
}
