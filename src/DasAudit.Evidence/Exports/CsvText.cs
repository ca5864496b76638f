using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace DasAudit.Evidence.Exports;

/// <summary>
/// Tables as CSV: commas, quotes where needed, lines end in <c>\n</c>, numbers read back to the same double.
/// Spreadsheets run a cell that begins with <c>= + - @</c>, a tab or a line break as a formula: text cells that begin so
/// (or with the full-width forms) get an apostrophe before them, as OWASP's "CSV Injection" advises; number cells never
/// hold text and stay as they are.
/// </summary>
internal static class CsvText
{
    private const string FormulaSigns = "=+-@\t\r\n＝＋－＠";

    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\n",

        // CsvHelper looks for the configured line end only; readers take a carriage return for one as well.
        ShouldQuote = args =>
            ConfigurationFunctions.ShouldQuote(args) || args.Field?.Contains('\r', StringComparison.Ordinal) == true,
    };

    /// <summary>Writes a header and rows; a cell is empty where a value is null.</summary>
    internal static void Write(TextWriter writer, IEnumerable<string> header, IEnumerable<IEnumerable<object?>> rows)
    {
        using var csv = new CsvWriter(writer, Configuration, leaveOpen: true);
        foreach (var name in header)
            csv.WriteField(name);
        csv.NextRecord();
        foreach (var row in rows)
        {
            foreach (var value in row)
                csv.WriteField(Harmless(value));
            csv.NextRecord();
        }

        csv.Flush();
    }

    private static object? Harmless(object? value) =>
        value is string { Length: > 0 } text && FormulaSigns.Contains(text[0], StringComparison.Ordinal)
            ? "'" + text
            : value;
}
