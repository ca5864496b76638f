using System.Text;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.Formats.Png;
using MetadataExtractor.Formats.Xmp;

namespace DasAudit.Core.Pictures.Generation;

/// <summary>Reads the texts of a picture file in which programs say how they generated it.</summary>
internal static class EmbeddedTexts
{
    private const int CodeLength = 8;

    // Far more than workflows and colour profiles take.
    private const long MostInflated = 16L << 20;

    // As ComfyUI writes WebP: the graph stands in tags that are there anyway.
    private static readonly (int Tag, string Name)[] ExifTags =
    [
        (ExifDirectoryBase.TagImageDescription, "ImageDescription"),
        (ExifDirectoryBase.TagMake, "Make"),
        (ExifDirectoryBase.TagModel, "Model"),
        (ExifDirectoryBase.TagSoftware, "Software"),
    ];

    private static readonly string[] XmpNames = ["UserComment", "description", "AIPromptInformation"];

    /// <summary>All of them, in the order of the file.</summary>
    /// <param name="path">The picture file, absolute.</param>
    /// <param name="name">What sentences call it.</param>
    /// <param name="problem">A sentence if what the file holds beside pixels cannot be read; else null.</param>
    public static IReadOnlyList<EmbeddedText> Read(string path, string name, out string? problem)
    {
        problem = null;
        try
        {
            var file = File.ReadAllBytes(path);
            if (!PngInflation.Exceeds(file, MostInflated))
                return [.. ImageMetadataReader.ReadMetadata(new MemoryStream(file)).SelectMany(TextsOf)];
            problem =
                $"What '{name}' holds beside its pixels becomes larger than {MostInflated >> 20} MiB when it is "
                + "unpacked, "
                + "so it was not read for how the picture was generated.";
            return [];
        }
        // The library meets damage with exceptions of any kind.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            problem =
                $"What '{name}' holds beside its pixels cannot be read ({e.Message.TrimEnd('.')}), so it does "
                + "not say how it was generated.";
            return [];
        }
    }

    private static IEnumerable<EmbeddedText> TextsOf(MetadataExtractor.Directory directory) =>
        directory switch
        {
            PngDirectory png => OfPng(png),
            ExifDirectoryBase exif => OfExif(exif),
            XmpDirectory xmp => OfXmp(xmp),
            _ => [],
        };

    private static IEnumerable<EmbeddedText> OfPng(PngDirectory png) =>
        png.GetObject(PngDirectory.TagTextualData) is IEnumerable<MetadataExtractor.KeyValuePair> pairs
            ? pairs.Select(pair => new EmbeddedText(EmbeddedText.Png, pair.Key, TextOf(pair.Value)))
            : [];

    // Many programs write UTF-8 where the format has Latin-1.
    private static string TextOf(StringValue value)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(value.Bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(value.Bytes);
        }
    }

    private static IEnumerable<EmbeddedText> OfExif(ExifDirectoryBase exif)
    {
        if (exif.GetObject(ExifDirectoryBase.TagUserComment) is { } comment)
            yield return new(EmbeddedText.Exif, "UserComment", UserComment(comment));
        foreach (var (tag, name) in ExifTags)
            if (exif.GetString(tag) is { Length: > 0 } text)
                yield return new(EmbeddedText.Exif, name, text);
    }

    private static IEnumerable<EmbeddedText> OfXmp(XmpDirectory xmp)
    {
        foreach (var (path, value) in xmp.GetXmpProperties())
        {
            var step = path[(path.IndexOf(':', StringComparison.Ordinal) + 1)..];
            var name = step.Split('[')[0];
            if (XmpNames.Contains(name) && value.Length > 0)
                yield return new(EmbeddedText.Xmp, name, value);
        }
    }

    private static string UserComment(object comment)
    {
        var bytes = comment switch
        {
            byte[] raw => raw,
            StringValue value => value.Bytes,
            _ => [],
        };
        if (bytes.Length < CodeLength)
            return "";
        var text = bytes.AsSpan(CodeLength);
        // The standard does not say in which order UTF-16 has its bytes; programs write both.
        var decoded = bytes.AsSpan().StartsWith("UNICODE"u8)
            ? (BeginsWithHighByte(text) ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(text)
            : Encoding.UTF8.GetString(text);
        return decoded.TrimEnd('\0', ' ');
    }

    private static bool BeginsWithHighByte(ReadOnlySpan<byte> text) => text.Length > 1 && text[0] == 0 && text[1] != 0;
}
