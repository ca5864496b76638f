using DasAudit.Core.Files;

namespace DasAudit.Core.Reports;

/// <summary>All scores as CSV, see <see cref="CsvText"/>.</summary>
internal static class CsvScores
{
    public static void Write(TextWriter writer, IEnumerable<AuditScores> scores, int replicates) =>
        CsvText.Write(
            writer,
            ScoreColumns.Texts.Concat(ScoreColumns.Numbers(replicates)),
            scores.SelectMany(query => query.Methods.SelectMany(method => Rows(query, method, replicates)))
        );

    private static IEnumerable<IEnumerable<object?>> Rows(AuditScores query, ScoresByMethod method, int replicates)
    {
        for (var i = 0; i < query.Pictures.Count; i++)
            yield return
            [
                .. ScoreColumns.TextsOf(query, method, i),
                .. ScoreColumns.NumbersOf(method, i, replicates).Select(number => (object?)number),
            ];
    }
}
