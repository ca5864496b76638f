using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace DasAudit.Core.Reports;

/// <summary>All scores as CSV: lines end in <c>\n</c>, a cell is empty where nothing is stated, numbers read back to
/// the same double.</summary>
internal static class CsvScores
{
    public static void Write(TextWriter writer, IEnumerable<AuditScores> scores, int replicates)
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var csv = new CsvWriter(writer, configuration, leaveOpen: true);
        foreach (var name in ScoreColumns.Texts.Concat(ScoreColumns.Numbers(replicates)))
            csv.WriteField(name);
        csv.NextRecord();
        foreach (var query in scores)
        foreach (var method in query.Methods)
        {
            for (var i = 0; i < query.Pictures.Count; i++)
                WriteRow(csv, query, method, i, replicates);
        }

        csv.Flush();
    }

    private static void WriteRow(CsvWriter csv, AuditScores query, ScoresByMethod method, int picture, int replicates)
    {
        foreach (var text in ScoreColumns.TextsOf(query, method, picture))
            csv.WriteField(text);
        foreach (var number in ScoreColumns.NumbersOf(method, picture, replicates))
            csv.WriteField(number?.ToString("R", CultureInfo.InvariantCulture));
        csv.NextRecord();
    }
}
