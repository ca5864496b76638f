using System.Text;

namespace DasAudit.Core.Datasets.Metadata;

/// <summary>How a CSV file separates columns.</summary>
/// <param name="LinesBefore">Lines before the header: 1 for Excel's <c>sep=;</c>, else 0.</param>
internal readonly record struct CsvDialect(char Delimiter, int LinesBefore)
{
    private const string SeparatorLine = "sep=";

    private static readonly char[] Delimiters = [',', ';', '\t'];

    /// <summary>Finds it from the first lines; a comma if they do not tell.</summary>
    public static CsvDialect Of(string path, string name)
    {
        using var text = MetadataText.Open(path, name);
        try
        {
            var first = text.ReadLine() ?? "";
            if (
                first.StartsWith(SeparatorLine, StringComparison.OrdinalIgnoreCase)
                && first.Length > SeparatorLine.Length
            )
                return new(first[SeparatorLine.Length], 1);
            return new(DelimiterOf(first), 0);
        }
        catch (DecoderFallbackException e)
        {
            throw MetadataText.NotText(MetadataPlace.Line(name, 1), e);
        }
    }

    /// <summary>The delimiter that sets a column apart that names pictures; of several, the most frequent.</summary>
    private static char DelimiterOf(string header)
    {
        var fitting = Delimiters.Where(delimiter => header.Split(delimiter).Any(NamesPictures)).ToList();
        return fitting.Count == 0 ? ',' : fitting.MaxBy(delimiter => header.Count(character => character == delimiter));
    }

    private static bool NamesPictures(string heading) =>
        MetadataColumns.CanNamePictures(heading.Trim().Trim('"').Trim());
}
