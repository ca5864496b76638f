using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Exports;

/// <summary>
/// One row for each listed attribution, with what it depends on repeated in every row, so that the files of many reports can be put together.
/// Commas, quotes where needed, lines end in <c>\n</c>, a cell is empty where nothing is stated, numbers read back to the same double.
/// </summary>
/// <remarks>
/// Spreadsheets run a cell that begins with <c>= + - @</c>, a tab or a line break as a formula. Text cells that begin so (or with the full-width forms
/// of these signs) get an apostrophe before them, as OWASP's "CSV Injection" advises; number cells never hold text and stay as they are.
/// </remarks>
public sealed class CsvExporter : IReportExporter
{
    private const string FormulaSigns = "=+-@\t\r\n＝＋－＠";

    private static readonly string[] Header =
    [
        "report",
        "created_utc",
        "query",
        "query_sha256",
        "model",
        "weights_sha256",
        "dataset_root",
        "method",
        "rank",
        "item",
        "sha256",
        "score",
        "standard_error",
        "direction",
        "similarity",
        "tiers",
        "title",
        "license",
        "rights_holder",
        "author",
        "source",
        "strength",
        "p_value",
        "q_value",
        "top_probability",
    ];

    /// <inheritdoc/>
    public string Format => "csv";

    /// <inheritdoc/>
    public void Export(StoredReport report, TextWriter writer)
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            NewLine = "\n",

            // CsvHelper looks for the configured line end only; readers take a carriage return for one as well.
            ShouldQuote = args =>
                ConfigurationFunctions.ShouldQuote(args)
                || args.Field?.Contains('\r', StringComparison.Ordinal) == true,
        };
        using var csv = new CsvWriter(writer, configuration, leaveOpen: true);
        foreach (var name in Header)
            csv.WriteField(name);
        csv.NextRecord();

        foreach (var attribution in report.Report.Attributions)
        {
            WriteCircumstances(csv, report.Report);
            WriteAttribution(csv, attribution);
            csv.NextRecord();
        }

        csv.Flush();
    }

    private static void WriteCircumstances(CsvWriter csv, AuditReport report)
    {
        Text(csv, report.Id);
        csv.WriteField(
            report.CreatedUtc.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)
        );
        Text(csv, report.Query.Path);
        Text(csv, report.Query.Sha256);
        Text(csv, report.Model.Path);
        Text(csv, report.Model.WeightsSha256);
        Text(csv, report.Dataset.Root);
        Text(csv, report.Method.Id);
    }

    private static void WriteAttribution(CsvWriter csv, AttributedPicture attribution)
    {
        csv.WriteField(attribution.Rank);
        Text(csv, attribution.Item);
        Text(csv, attribution.Sha256);
        csv.WriteField(attribution.Score);
        csv.WriteField(attribution.StandardError);
        csv.WriteField(attribution.Direction);
        csv.WriteField(attribution.Similarity);
        Text(csv, string.Join(';', attribution.Tiers));
        Text(csv, attribution.Title);
        Text(csv, attribution.License);
        Text(csv, attribution.RightsHolder);
        Text(csv, attribution.Author);
        Text(csv, attribution.Source);
        csv.WriteField(attribution.Strength?.Name());
        csv.WriteField(attribution.PValue);
        csv.WriteField(attribution.QValue);
        csv.WriteField(attribution.TopProbability);
    }

    private static void Text(CsvWriter csv, string? text) =>
        csv.WriteField(
            text is { Length: > 0 } && FormulaSigns.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text
        );
}
