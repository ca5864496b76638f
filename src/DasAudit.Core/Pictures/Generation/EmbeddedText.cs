namespace DasAudit.Core.Pictures.Generation;

/// <summary>A text in or beside a picture file that may say how the picture was generated.</summary>
/// <param name="Place">What holds it, such as <c>PNG text</c>.</param>
/// <param name="Key">What it is called there; empty where it has no name.</param>
internal sealed record EmbeddedText(string Place, string Key, string Text)
{
    public const string Png = "PNG text";
    public const string Exif = "EXIF";
    public const string Xmp = "XMP";

    /// <summary>For a person.</summary>
    public string Name => Place == Png ? $"{Place} '{Key}'" : $"{Place} {Key}".TrimEnd();
}
