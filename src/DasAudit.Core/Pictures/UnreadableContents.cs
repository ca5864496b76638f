namespace DasAudit.Core.Pictures;

/// <summary>Says what stands in a file under a picture's name that is no picture that can be read.</summary>
internal static class UnreadableContents
{
    // Brands of the ISO base media format, which stand after its first twelve bytes' "ftyp".
    private static readonly string[] HeicBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];

    /// <summary>The refusal of a file whose bytes are none of a readable format.</summary>
    public static AuditException Refusal(string name, ReadOnlySpan<byte> file)
    {
        if (GitLfsPointer.IsAt(file))
            return GitLfsPointer.Refuse(name);
        if (FormatName(name, file) is { } format)
            return new($"'{name}' is a {format} picture, which is not read; convert it to PNG.");
        var beginning = TextKind(file) is { } text ? $": it begins like {text}" : "";
        return new($"'{name}' is no {PictureFormat.ReadableNames} picture{beginning}; give a picture file.");
    }

    private static string? FormatName(string name, ReadOnlySpan<byte> file)
    {
        if (file.Length >= 12 && file[4..].StartsWith("ftyp"u8) && Brand(file[8..12]) is { } media)
            return media;
        if (file.StartsWith((ReadOnlySpan<byte>)[0xff, 0x0a]) || file.StartsWith("\0\0\0\u000cJXL \r\n"u8))
            return "JPEG XL";
        if (file.StartsWith((ReadOnlySpan<byte>)[0xff, 0x4f, 0xff, 0x51]) || file.StartsWith("\0\0\0\u000cjP  \r\n"u8))
            return "JPEG 2000";
        if (file.StartsWith("8BPS"u8))
            return "PSD";
        if (file.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0]) || file.StartsWith((ReadOnlySpan<byte>)[0, 0, 2, 0]))
            return HasExtension(name, ".tga") ? "TGA" : "ICO";
        // TGA alone has no signature.
        return file.Length > 18 && HasExtension(name, ".tga") ? "TGA" : null;
    }

    private static string? Brand(ReadOnlySpan<byte> brand)
    {
        if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
            return "AVIF";
        return HeicBrands.Contains(System.Text.Encoding.Latin1.GetString(brand)) ? "HEIC" : null;
    }

    private static string? TextKind(ReadOnlySpan<byte> file)
    {
        var text = System
            .Text.Encoding.Latin1.GetString(file[..Math.Min(file.Length, 256)])
            .TrimStart('ï', '»', '¿')
            .TrimStart();
        if (text.Contains("<svg", StringComparison.OrdinalIgnoreCase))
            return "an SVG drawing";
        if (Begins("<!doctype html") || Begins("<html"))
            return "HTML, perhaps an error page that was saved in its place";
        if (Begins("<?xml"))
            return "XML, perhaps an error that was saved in its place";
        return Begins("{") || Begins("[") ? "JSON, perhaps an error that was saved in its place" : null;

        bool Begins(string prefix) => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
    }

    private static bool HasExtension(string name, string extension) =>
        name.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
