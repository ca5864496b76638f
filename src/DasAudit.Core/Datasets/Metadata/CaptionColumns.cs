namespace DasAudit.Core.Datasets.Metadata;

/// <summary>The columns of metadata that captions are taken from; the first that states one holds.</summary>
internal sealed class CaptionColumns
{
    private static readonly string[] UsualNames = ["caption", "text", "prompt"];

    private readonly IReadOnlyList<string> _names;

    private CaptionColumns(IReadOnlyList<string> names) => _names = names;

    /// <summary>Those that most datasets have.</summary>
    public static CaptionColumns Usual { get; } = new(UsualNames);

    /// <summary>A column by its name, in any case.</summary>
    /// <param name="usualElse">Whether the usual ones hold where that one is silent.</param>
    public static CaptionColumns Named(string name, bool usualElse) => new(usualElse ? [name, .. UsualNames] : [name]);

    public bool Contains(string column) => _names.Contains(column, StringComparer.OrdinalIgnoreCase);

    /// <summary>The caption that a record states; null for none.</summary>
    /// <param name="statesOthers">Whether the record also states another one.</param>
    /// <exception cref="AuditException">A column is there twice, or holds something other than text.</exception>
    public string? CaptionOf(MetadataRecord record, out bool statesOthers)
    {
        List<string> captions = [.. _names.SelectMany(record.Texts).Distinct(StringComparer.Ordinal)];
        statesOthers = captions.Count > 1;
        return captions.Count > 0 ? captions[0] : null;
    }
}
