using Parquet;
using Parquet.Schema;

namespace DasAudit.Core.Reports;

/// <summary>All scores as Parquet, a row group for each query and method.</summary>
internal static class ParquetScores
{
    public static void Write(Stream file, IEnumerable<AuditScores> scores, int replicates) =>
        WriteAsync(file, scores, replicates).GetAwaiter().GetResult();

    private static async Task WriteAsync(Stream file, IEnumerable<AuditScores> scores, int replicates)
    {
        DataField[] texts = [.. ScoreColumns.Texts.Select(name => new DataField<string>(name))];
        DataField[] numbers = [.. ScoreColumns.Numbers(replicates).Select(name => new DataField<double?>(name))];
        var writer = await ParquetWriter.CreateAsync(new([.. texts, .. numbers]), file).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var query in scores)
            foreach (var method in query.Methods)
            {
                using var group = writer.CreateRowGroup();
                await WriteGroupAsync(group, texts, numbers, query, method).ConfigureAwait(false);
                group.CompleteValidate();
            }
        }
    }

    private static async Task WriteGroupAsync(
        ParquetRowGroupWriter group,
        DataField[] texts,
        DataField[] numbers,
        AuditScores query,
        ScoresByMethod method
    )
    {
        var pictures = Enumerable.Range(0, query.Pictures.Count).ToList();
        var textRows = pictures.Select(i => ScoreColumns.TextsOf(query, method, i)).ToList();
        var numberRows = pictures.Select(i => ScoreColumns.NumbersOf(method, i, numbers.Length - 2)).ToList();
        foreach (var (column, field) in texts.Index())
            await group.WriteAsync(field, textRows.Select(row => row[column]!).ToList()).ConfigureAwait(false);
        foreach (var (column, field) in numbers.Index())
            await group
                .WriteAsync<double>(field, numberRows.Select(row => row[column]).ToArray().AsMemory())
                .ConfigureAwait(false);
    }
}
