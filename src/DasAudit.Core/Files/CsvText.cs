using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace DasAudit.Core.Files;

/// <summary>
/// Tables as CSV: commas, quotes where needed, lines end in <c>\n</c>, a cell is empty where a value is null, numbers
/// read back to the same double. Spreadsheets run a cell that begins with <c>= + - @</c>, a tab or a line break as a
/// formula: text cells that begin so (or with the full-width forms) get an apostrophe before them, as OWASP's "CSV
/// Injection" advises; number cells never hold text and stay as they are. Control characters other than tabs and line
/// breaks, which could steer a terminal, are named instead of written, such as <c>[U+001B]</c>.
/// </summary>
public static class CsvText
{
    private const string FormulaSigns = "=+-@\t\r\n＝＋－＠";
    private const string WhiteSpace = "\t\r\n";

    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\n",

        // CsvHelper looks for the configured line end only; readers take a carriage return for one as well.
        ShouldQuote = args =>
            ConfigurationFunctions.ShouldQuote(args) || args.Field?.Contains('\r', StringComparison.Ordinal) == true,
    };

    /// <summary>Writes a header and rows; the writer stays open.</summary>
    public static void Write(TextWriter writer, IEnumerable<string> header, IEnumerable<IEnumerable<object?>> rows)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(rows);
        using var csv = new CsvWriter(writer, Configuration, leaveOpen: true);
        foreach (var name in header)
            csv.WriteField(name);
        csv.NextRecord();
        foreach (var row in rows)
        {
            foreach (var value in row)
                csv.WriteField(value is string text ? Harmless(text) : value);
            csv.NextRecord();
        }

        csv.Flush();
    }

    /// <summary>What is written for a text.</summary>
    public static string Harmless(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = text.Any(Steers) ? Named(text) : text;
        return shown.Length > 0 && FormulaSigns.Contains(shown[0], StringComparison.Ordinal) ? "'" + shown : shown;
    }

    private static bool Steers(char c) => char.IsControl(c) && !WhiteSpace.Contains(c, StringComparison.Ordinal);

    private static string Named(string text)
    {
        var named = new StringBuilder();
        foreach (var c in text)
            if (Steers(c))
                named.Append(CultureInfo.InvariantCulture, $"[U+{(int)c:X4}]");
            else
                named.Append(c);
        return named.ToString();
    }
}
