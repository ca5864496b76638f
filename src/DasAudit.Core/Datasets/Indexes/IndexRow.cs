using System.Runtime.InteropServices;
using DasAudit.Core.Files;
using DasAudit.Core.Platforms;

namespace DasAudit.Core.Datasets.Indexes;

/// <summary>A picture in the file of an index, in 144 bytes. One without a problem is not left out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct IndexRow
{
    private readonly FileStamp _stamp;
    private readonly Digest _sha256;
    private readonly Digest _pixelSha256;
    private readonly ulong _perceptualHash;

    // Milliseconds since 1970, UTC.
    private readonly long _readAt;
    private readonly int _width;
    private readonly int _height;
    private readonly int _composited;

    private IndexRow(IndexEntry entry, int pathBytes, int problemBytes)
    {
        _stamp = entry.Stamp;
        _readAt = entry.ReadAt.ToUnixTimeMilliseconds();
        PathBytes = pathBytes;
        ProblemBytes = problemBytes;
        if (entry.Outcome.Facts is not { } facts)
            return;
        _sha256 = facts.Sha256;
        _pixelSha256 = facts.PixelSha256;
        _perceptualHash = facts.PerceptualHash;
        _width = facts.Width;
        _height = facts.Height;
        _composited = facts.Composited ? 1 : 0;
        _mayState = facts.MayState switch
        {
            null => 0,
            false => 1,
            true => 2,
        };
    }

    public int PathBytes { get; }

    public int ProblemBytes { get; }

    // At the end, where earlier versions left four bytes of nothing: 0 is not known, 1 no, 2 yes.
    private readonly int _mayState;

    public static IndexRow Of(IndexEntry entry, int pathBytes, int problemBytes) => new(entry, pathBytes, problemBytes);

    private PictureFacts Facts =>
        new(
            _sha256,
            _pixelSha256,
            _width,
            _height,
            _perceptualHash,
            _composited != 0,
            _mayState switch
            {
                1 => false,
                2 => true,
                _ => null,
            }
        );

    public IndexEntry Entry(string path, string problem) =>
        new(
            path,
            _stamp,
            DateTimeOffset.FromUnixTimeMilliseconds(_readAt),
            problem.Length > 0 ? PictureOutcome.Skipped(problem) : PictureOutcome.Read(Facts)
        );
}
