using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace DasAudit.Core.Datasets.Metadata;

/// <summary>Reads <c>metadata.csv</c>: quoted as in RFC 4180, a header line first.</summary>
/// <remarks>Commas, semicolons or tabs separate, as the header or a first line <c>sep=;</c> (of Excel) shows.</remarks>
internal static class CsvMetadata
{
    public static IEnumerable<MetadataRecord> Read(string path, string name, CaptionColumns captions)
    {
        var dialect = CsvDialect.Of(path, name);
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = dialect.Delimiter.ToString(),
            // A row with a separator too many would shift every right to the wrong column.
            DetectColumnCountChanges = true,
        };
        using var text = MetadataText.Open(path, name);
        for (var line = 0; line < dialect.LinesBefore; line++)
            text.ReadLine();
        using var csv = new CsvReader(text, configuration);
        if (!Try(csv, csv.Read, Place) || !Try(csv, csv.ReadHeader, Place))
            yield break;
        var columns = ColumnsOf(csv.HeaderRecord!, captions, Place(1));
        var previousRow = 1;
        while (Try(csv, csv.Read, Place))
        {
            // A quote that is never closed swallows the lines below it, rights and all.
            if (int.IsOddInteger(csv.Parser.RawRecord.Count(character => character == '"')))
                throw Place(previousRow + 1).Wrong("opens a quote that is never closed; close it");
            var line = csv.Parser.RawRow - csv.Parser.RawRecord.TrimEnd().Count(character => character == '\n');
            yield return new(Place(line), Try(csv, () => FieldsOf(csv, columns), Place));
            previousRow = csv.Parser.RawRow;
        }

        MetadataPlace Place(long line) => MetadataPlace.Line(name, line + dialect.LinesBefore);
    }

    private static List<(int Index, string Name)> ColumnsOf(
        string[] header,
        CaptionColumns captions,
        MetadataPlace place
    )
    {
        var columns = header
            .Select((heading, index) => (Index: index, Name: heading.Trim()))
            .Where(column => MetadataColumns.AreRead(column.Name, captions))
            .ToList();
        List<string> names = [.. columns.Select(column => column.Name)];
        if (MetadataColumns.NamingPictures([.. names.Where(MetadataColumns.CanNamePictures)], place) is null)
            throw place.Wrong(
                $"has no column {MetadataColumns.FileName}; name the columns, separated by commas, "
                    + $"{MetadataColumns.FileName} first"
            );
        var doubled = names
            .GroupBy(column => column, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(g => g.Count() > 1);
        if (doubled is not null)
            throw place.Wrong($"has the column {doubled.Key.ToLowerInvariant()} twice; keep one");
        return columns;
    }

    private static List<(string, MetadataValue)> FieldsOf(CsvReader csv, List<(int Index, string Name)> columns) =>
        [.. columns.Select(column => (column.Name, Value(csv[column.Index])))];

    // Other programs write nan where pandas has no value.
    private static MetadataValue Value(string? text) =>
        text is "nan" or "NaN" ? MetadataValue.None : MetadataValue.Of(text);

    private static T Try<T>(CsvReader csv, Func<T> read, Func<long, MetadataPlace> place)
    {
        try
        {
            return read();
        }
        catch (DecoderFallbackException e)
        {
            throw MetadataText.NotText(place(csv.Parser.RawRow + 1), e);
        }
        catch (CsvHelperException e)
        {
            throw place(csv.Parser.RawRow)
                .Wrong(
                    "has another number of columns than the header, or a stray quote; quote values that hold the "
                        + "separator",
                    e
                );
        }
    }
}
