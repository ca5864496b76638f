using System.Globalization;
using System.Text;
using DasAudit.Core.Datasets.Metadata;

namespace DasAudit.Core.Datasets;

/// <summary>A text beside a picture that holds its caption.</summary>
/// <param name="Path">Within the dataset.</param>
/// <param name="Text">The caption, perhaps empty; null if the file cannot be read.</param>
/// <param name="HasMoreLines">Whether lines with text follow that are no part of it.</param>
/// <param name="Problem">Why it cannot be read, one sentence; null if it can.</param>
internal sealed record CaptionFile(string Path, string? Text, bool HasMoreLines = false, string? Problem = null)
{
    /// <summary>Most bytes of a caption.</summary>
    public const int LongestBytes = 1 << 16;

    /// <summary>Reads the first line with text, as kohya's trainer does.</summary>
    /// <param name="path">Relative to the folder.</param>
    public static CaptionFile ReadFirstLine(string folder, string path)
    {
        try
        {
            var full = System.IO.Path.Combine(folder, path);
            var length = new FileInfo(full).Length;
            return length > LongestBytes ? TooLong(path, length) : FirstLineOf(path, File.ReadAllBytes(full));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(path, $"cannot be read ({e.Message.TrimEnd('.')}); check the file and its permissions");
        }
    }

    /// <summary>The whole text of a file, as webdataset has it.</summary>
    public static CaptionFile WholeOf(string path, ReadOnlySpan<byte> bytes) =>
        TextOf(path, bytes, out var problem) is { } text ? new(path, text.Trim()) : problem!;

    public static CaptionFile TooLong(string path, long length) =>
        Unreadable(
            path,
            string.Create(
                CultureInfo.InvariantCulture,
                $"holds {length} bytes, too many for a caption; shorten it to at most {LongestBytes}"
            )
        );

    /// <summary>The first line with text of a file's bytes.</summary>
    public static CaptionFile FirstLineOf(string path, ReadOnlySpan<byte> bytes)
    {
        if (TextOf(path, bytes, out var problem) is not { } text)
            return problem!;
        var lines = text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.TrimEntries);
        List<string> texts = [.. lines.Where(line => line.Length > 0)];
        return new(path, texts.Count > 0 ? texts[0] : "", texts.Count > 1);
    }

    private static string? TextOf(string path, ReadOnlySpan<byte> bytes, out CaptionFile? problem)
    {
        problem = null;
        try
        {
            var text = MetadataText.Decode(bytes);
            if (!text.Contains('\0', StringComparison.Ordinal))
                return text;
        }
        catch (DecoderFallbackException)
        {
            // Said below.
        }

        problem = Unreadable(path, "is no UTF-8 text; save it as UTF-8");
        return null;
    }

    private static CaptionFile Unreadable(string path, string what) =>
        new(path, null, Problem: $"The caption file '{path}' {what}.");
}
