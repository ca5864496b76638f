using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace DasAudit.Core.Datasets;

/// <summary>Reads <c>metadata.csv</c>: comma-separated, quoted as in RFC 4180, a header line first.</summary>
internal static class CsvMetadata
{
    public static IEnumerable<MetadataRecord> Read(string path, string name)
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            // A row with a comma too many would shift every right to the wrong column.
            DetectColumnCountChanges = true,
            PrepareHeaderForMatch = args => args.Header.Trim().ToLowerInvariant(),
        };
        using var text = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        using var csv = new CsvReader(text, configuration);
        if (!Advance(csv, name) || !csv.ReadHeader())
            yield break;
        var header = csv.HeaderRecord!.Select(column => column.Trim()).ToList();
        if (!header.Contains("file_name", StringComparer.OrdinalIgnoreCase))
            throw MetadataTable.Wrong(
                name,
                1,
                "has no column file_name; name the columns, separated by commas, file_name first"
            );
        foreach (var column in MetadataRecord.Columns)
            if (header.Count(heading => heading.Equals(column, StringComparison.OrdinalIgnoreCase)) > 1)
                throw MetadataTable.Wrong(name, 1, $"has the column {column} twice; keep one");
        var previousRow = 1;
        while (Advance(csv, name))
        {
            // A quote that is never closed swallows the lines below it, rights and all.
            if (int.IsOddInteger(csv.Parser.RawRecord.Count(character => character == '"')))
                throw MetadataTable.Wrong(name, previousRow + 1, "opens a quote that is never closed; close it");
            var line = csv.Parser.RawRow - csv.Parser.RawRecord.TrimEnd().Count(character => character == '\n');
            yield return new MetadataRecord(
                line,
                MetadataRecord.Columns.ToDictionary(c => c, c => Field(csv, c), StringComparer.OrdinalIgnoreCase)
            );
            previousRow = csv.Parser.RawRow;
        }
    }

    private static string? Field(CsvReader csv, string column) =>
        csv.TryGetField<string>(column, out var value) ? value : null;

    private static bool Advance(CsvReader csv, string name)
    {
        try
        {
            return csv.Read();
        }
        catch (DecoderFallbackException e)
        {
            throw MetadataTable.Wrong(
                name,
                csv.Parser.RawRow + 1,
                "or one after it is not UTF-8 text; save the file as UTF-8",
                e
            );
        }
        catch (CsvHelperException e)
        {
            throw MetadataTable.Wrong(
                name,
                csv.Parser.RawRow,
                "has another number of columns than the header, or a stray quote; quote values that hold commas",
                e
            );
        }
    }
}
