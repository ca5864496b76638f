using System.Buffers.Binary;
using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>The small pictures, embedded.</summary>
internal static class Thumbnail
{
    // Pictures up to this size are shown pixel by pixel instead of blurred.
    private const int PixelArt = 96;
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>The picture of a file, or an empty frame where the report has none.</summary>
    internal static void Write(HtmlWriter html, StoredReport report, string sha256, string alternative)
    {
        if (!report.Thumbnails.TryGetValue(sha256, out var png) || !TryReadSize(png, out var width, out var height))
        {
            html.Element(
                "span",
                "no picture",
                ("class", "picture missing"),
                ("role", "img"),
                ("aria-label", $"{alternative}: no picture")
            );
            return;
        }

        html.Void(
            "img",
            ("class", Math.Max(width, height) <= PixelArt ? "picture pixels" : "picture"),
            ("src", "data:image/png;base64," + Convert.ToBase64String(png)),
            ("alt", VisibleText.Of(alternative)),
            ("width", $"{width}"),
            ("height", $"{height}")
        );
    }

    private static bool TryReadSize(ReadOnlySpan<byte> png, out int width, out int height)
    {
        width = height = 0;
        if (png.Length < 24 || !png.StartsWith(Signature))
            return false;
        width = BinaryPrimitives.ReadInt32BigEndian(png[16..]);
        height = BinaryPrimitives.ReadInt32BigEndian(png[20..]);
        return width > 0 && height > 0;
    }
}
