using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports;

/// <summary>
/// <see cref="PictureData"/> as CSV: commas, quotes where needed, lines end in <c>\n</c>, a cell is empty where nothing
/// is stated, numbers read back to the same double. Spreadsheets run a cell that begins with <c>= + - @</c>, a tab or a
/// line break as a formula: text cells that begin so (or with the full-width forms) get an apostrophe before them, as
/// OWASP's "CSV Injection" advises; number cells never hold text and stay as they are.
/// </summary>
public sealed class CsvExporter : IReportExporter
{
    private const string FormulaSigns = "=+-@\t\r\n＝＋－＠";

    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\n",

        // CsvHelper looks for the configured line end only; readers take a carriage return for one as well.
        ShouldQuote = args =>
            ConfigurationFunctions.ShouldQuote(args) || args.Field?.Contains('\r', StringComparison.Ordinal) == true,
    };

    /// <inheritdoc/>
    public string Format => "csv";

    /// <inheritdoc/>
    public void Export(StoredReport report, TextWriter writer)
    {
        using var csv = new CsvWriter(writer, Configuration, leaveOpen: true);
        foreach (var (name, _) in PictureData.Columns)
            csv.WriteField(name);
        csv.NextRecord();

        foreach (var picture in report.Report.Attributions)
        {
            foreach (var (_, value) in PictureData.Columns)
                csv.WriteField(Harmless(value(report.Report, picture)));
            csv.NextRecord();
        }

        csv.Flush();
    }

    private static object? Harmless(object? value) =>
        value is string { Length: > 0 } text && FormulaSigns.Contains(text[0], StringComparison.Ordinal)
            ? "'" + text
            : value;
}
