using Parquet;
using Parquet.Schema;

namespace DasAudit.Core.Datasets;

/// <summary>Reads a column of bytes of a row group.</summary>
internal static class ParquetBytes
{
    /// <summary>The values, one a row; null where there is none.</summary>
    public static ReadOnlyMemory<byte>?[] Read(ParquetRowGroupReader group, DataField field)
    {
        var values = new ReadOnlyMemory<byte>[group.RowCount];
        if (field.MaxDefinitionLevel == 0)
        {
            group.ReadRawAsync<ReadOnlyMemory<byte>>(field, values, null, null).AsTask().GetAwaiter().GetResult();
            return [.. values.Select(value => (ReadOnlyMemory<byte>?)value)];
        }

        var levels = new int[group.RowCount];
        group.ReadRawAsync<ReadOnlyMemory<byte>>(field, values, levels, null).AsTask().GetAwaiter().GetResult();
        var rows = new ReadOnlyMemory<byte>?[group.RowCount];
        var next = 0;
        for (var row = 0; row < rows.Length; row++)
            if (levels[row] == field.MaxDefinitionLevel)
                rows[row] = values[next++];
        return rows;
    }
}
