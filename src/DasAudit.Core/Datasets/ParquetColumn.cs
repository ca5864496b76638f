using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace DasAudit.Core.Datasets;

/// <summary>Reads one column of a row group.</summary>
internal static class ParquetColumn
{
    /// <summary>Whether values of the column can be told as texts: strings, numbers and truth values.</summary>
    public static bool IsText(DataField field) =>
        field.MaxRepetitionLevel == 0
        && (
            field.ClrType == typeof(ReadOnlyMemory<char>) || field.ClrType == typeof(bool) || field.ClrType.IsPrimitive
        );

    /// <summary>The values as texts, one a row; null where there is none.</summary>
    public static string?[] ReadTexts(ParquetRowGroupReader group, DataField field)
    {
        var type = field.ClrType;
        if (type == typeof(ReadOnlyMemory<char>))
            return [.. Read<ReadOnlyMemory<char>>(group, field).Select(text => text?.ToString())];
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => Texts<bool>(),
            TypeCode.Byte => Texts<byte>(),
            TypeCode.SByte => Texts<sbyte>(),
            TypeCode.Int16 => Texts<short>(),
            TypeCode.UInt16 => Texts<ushort>(),
            TypeCode.Int32 => Texts<int>(),
            TypeCode.UInt32 => Texts<uint>(),
            TypeCode.Int64 => Texts<long>(),
            TypeCode.UInt64 => Texts<ulong>(),
            TypeCode.Single => Texts<float>(),
            TypeCode.Double => Texts<double>(),
            _ => throw new ArgumentException($"Values of {type} are no texts.", nameof(field)),
        };

        string?[] Texts<T>()
            where T : struct, IConvertible =>
            [.. Read<T>(group, field).Select(value => value?.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>The values, one a row; null where there is none.</summary>
    public static T?[] Read<T>(ParquetRowGroupReader group, DataField field)
        where T : struct
    {
        var values = new T[group.RowCount];
        if (field.MaxDefinitionLevel == 0)
        {
            Wait(group.ReadRawAsync<T>(field, values, null, null));
            return [.. values.Select(value => (T?)value)];
        }

        var levels = new int[group.RowCount];
        Wait(group.ReadRawAsync<T>(field, values, levels, null));
        var rows = new T?[group.RowCount];
        var next = 0;
        for (var row = 0; row < rows.Length; row++)
            if (levels[row] == field.MaxDefinitionLevel)
                rows[row] = values[next++];
        return rows;
    }

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
