using System.Globalization;
using System.Text;
using CsvHelper;

namespace DasAudit.Evidence.Bundles;

/// <summary>Compares page and tables of a bundle with what this version makes of its report.</summary>
internal static class RenderedParts
{
    private const int MostProblems = 10;

    private static readonly string[] Names = [BundleNames.Csv, BundleNames.Parquet, BundleNames.Html];

    /// <summary>What came of it, a check for each part; the parts are those that the manifest names.</summary>
    internal static IEnumerable<BundleCheck> Check(BundleContents contents)
    {
        if (Make(contents) is not { } made)
            return [new("page and tables", null, "this version cannot make them of report.json")];
        return Names
            .Select(name => (Name: name, Bytes: Find(contents, name), Made: Find(made, name)))
            .Where(part => part is { Bytes: not null, Made: not null })
            .Select(part => Check(part.Name, part.Bytes!, part.Made!));
    }

    // A report that somebody wrote may lack anything.
    private static BundleContents? Make(BundleContents contents)
    {
        try
        {
            var report = new StoredReport(contents.Report, Pictures(contents));
            return BundleBuilder.Build(report, contents.Record, contents.Dataset, contents.ModelSignature);
        }
        catch (Exception e)
            when (e
                    is NullReferenceException
                        or ArgumentException
                        or InvalidOperationException
                        or FormatException
                        or ArithmeticException
                        or KeyNotFoundException
            )
        {
            return null;
        }
    }

    private static BundleCheck Check(string name, byte[] bytes, byte[] expected)
    {
        if (bytes.AsSpan().SequenceEqual(expected))
            return new(name, true, "it says what report.json says");
        if (name != BundleNames.Csv)
            return new(
                name,
                null,
                "not what this version makes of report.json: another version made it, or it says something else"
            );
        var problems = Differences(bytes, expected).Take(MostProblems).ToList();
        return problems.Count == 0
            ? new(name, true, "it says what report.json says, in the form of another version")
            : new(name, false, $"it does not say what report.json says: {string.Join("; ", problems)}");
    }

    private static IEnumerable<string> Differences(byte[] bytes, byte[] expected)
    {
        if (Rows(bytes) is not { } rows)
            return ["it is no CSV"];
        var wanted = Rows(expected)!;
        if (rows.Count != wanted.Count)
            return
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it has {rows.Count - 1} rows, and the report lists {wanted.Count - 1} pictures"
                ),
            ];
        var columns = rows[0].Index().ToDictionary(column => column.Item, column => column.Index);
        return wanted[0].SelectMany((column, i) => Differences(rows, wanted, columns.GetValueOrDefault(column, -1), i));
    }

    private static IEnumerable<string> Differences(List<string[]> rows, List<string[]> wanted, int at, int column)
    {
        var name = wanted[0][column];
        if (at < 0)
            return [$"the column '{name}' is missing"];
        return wanted
            .Index()
            .Where(row => rows[row.Index].ElementAtOrDefault(at) != row.Item[column])
            .Select(row =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"row {row.Index} has the {name} '{rows[row.Index].ElementAtOrDefault(at)}', "
                        + $"not '{row.Item[column]}'"
                )
            );
    }

    // The header is the first; null where it is none, or names a column twice.
    private static List<string[]>? Rows(byte[] bytes)
    {
        try
        {
            using var parser = new CsvParser(
                new StringReader(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes)),
                CultureInfo.InvariantCulture
            );
            var rows = new List<string[]>();
            while (parser.Read())
                rows.Add(parser.Record!);
            return rows.Count > 0 && rows[0].Distinct(StringComparer.Ordinal).Count() == rows[0].Length ? rows : null;
        }
        catch (Exception e) when (e is CsvHelperException or DecoderFallbackException)
        {
            return null;
        }
    }

    // By the pictured file, as the record says.
    private static Dictionary<string, byte[]> Pictures(BundleContents contents)
    {
        var pictures = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (file, sha256) in contents.Record?.Record.Pictures ?? new Dictionary<string, string>())
            if (Find(contents, BundleNames.Picture(sha256)) is { } png)
                pictures[file] = png;
        return pictures;
    }

    private static byte[]? Find(BundleContents contents, string name) =>
        contents.Parts.FirstOrDefault(part => part.Name == name)?.Bytes;
}
