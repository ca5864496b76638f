using System.Globalization;
using DasAudit.Evidence.Document;
using Parquet;
using Parquet.Schema;

namespace DasAudit.Evidence.Exports;

/// <summary><see cref="PictureData"/> as Parquet: text, and numbers as doubles; null where nothing is stated.</summary>
internal static class ParquetTable
{
    internal static byte[] Of(AuditReport report)
    {
        using var file = new MemoryStream();
        WriteAsync(file, report).GetAwaiter().GetResult();
        return file.ToArray();
    }

    private static async Task WriteAsync(Stream file, AuditReport report)
    {
        var columns = PictureData.Columns;
        DataField[] fields = [.. columns.Select(column => Field(column.Name))];
        var writer = await ParquetWriter.CreateAsync(new(fields), file).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            using var group = writer.CreateRowGroup();
            foreach (var (field, (_, value)) in fields.Zip(columns))
            {
                var values = report.Attributions.Select(picture => value(report, picture)).ToList();
                await WriteAsync(group, field, values).ConfigureAwait(false);
            }

            group.CompleteValidate();
        }
    }

    private static DataField Field(string name) =>
        PictureData.IsNumber(name) ? new DataField<double?>(name) : new DataField<string>(name);

    private static async Task WriteAsync(ParquetRowGroupWriter group, DataField field, List<object?> values)
    {
        if (!PictureData.IsNumber(field.Name))
            await group.WriteAsync(field, values.ConvertAll(value => (string)value!)).ConfigureAwait(false);
        else
            await group.WriteAsync<double>(field, values.Select(Number).ToArray().AsMemory()).ConfigureAwait(false);
    }

    private static double? Number(object? value) =>
        value is null ? null : Convert.ToDouble(value, CultureInfo.InvariantCulture);
}
