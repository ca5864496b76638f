using System.Globalization;

namespace DasAudit.Core.Datasets.Metadata;

/// <summary>Where a record of metadata stands.</summary>
/// <param name="File">Relative to the dataset, with forward slashes.</param>
/// <param name="Unit"><c>line</c> or <c>row</c>.</param>
/// <param name="Number">From 1.</param>
internal readonly record struct MetadataPlace(string File, string Unit, long Number)
{
    public static MetadataPlace Line(string file, long number) => new(file, "line", number);

    public static MetadataPlace Row(string file, long number) => new(file, "row", number);

    /// <summary>The place without its file where that is the same as another's.</summary>
    public string Beside(MetadataPlace place) => File == place.File ? Position : ToString();

    public AuditException Wrong(string what, Exception? inner = null) => new($"{this}, {what}.", inner);

    public override string ToString() => $"{File}, {Position}";

    private string Position => string.Create(CultureInfo.InvariantCulture, $"{Unit} {Number}");
}
