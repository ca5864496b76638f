using System.Text;

namespace DasAudit.Core.Datasets.Metadata;

/// <summary>Text of a metadata file: UTF-8, or what its byte order mark says.</summary>
internal static class MetadataText
{
    /// <summary>Opens the file behind its byte order mark; reading refuses bytes that the encoding has not.</summary>
    /// <exception cref="AuditException">It is a Git LFS pointer.</exception>
    public static StreamReader Open(string path, string name)
    {
        var file = File.OpenRead(path);
        try
        {
            GitLfs.Refuse(file, name);
            Span<byte> start = stackalloc byte[4];
            var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            var (encoding, markLength) = EncodingOf(start[..length]);
            file.Position = markLength;
            return new StreamReader(file, encoding, detectEncodingFromByteOrderMarks: false);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public static AuditException NotText(MetadataPlace place, DecoderFallbackException cause) =>
        place.Wrong(
            "or one after it is not UTF-8 text; save the file as UTF-8 (in a spreadsheet \"CSV UTF-8\", in Python "
                + "encoding=\"utf-8\")",
            cause
        );

    /// <summary>A text behind its byte order mark.</summary>
    /// <exception cref="DecoderFallbackException">It has bytes that the encoding has not.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var (encoding, markLength) = EncodingOf(bytes);
        return encoding.GetString(bytes[markLength..]);
    }

    private static (Encoding Encoding, int MarkLength) EncodingOf(ReadOnlySpan<byte> start) =>
        start switch
        {
            [0xef, 0xbb, 0xbf, ..] => (new UTF8Encoding(false, throwOnInvalidBytes: true), 3),
            [0xff, 0xfe, 0, 0, ..] => (new UTF32Encoding(false, false, throwOnInvalidCharacters: true), 4),
            [0xff, 0xfe, ..] => (new UnicodeEncoding(false, false, throwOnInvalidBytes: true), 2),
            [0xfe, 0xff, ..] => (new UnicodeEncoding(true, false, throwOnInvalidBytes: true), 2),
            _ => (new UTF8Encoding(false, throwOnInvalidBytes: true), 0),
        };
}
