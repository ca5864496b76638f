using DasAudit.Core.Files;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>
/// The different hashes of a dataset's pictures in rising order: whether one is among them can be proven without
/// showing the others.
/// </summary>
public sealed class PictureHashes
{
    private readonly byte[][] _hashes;
    private readonly byte[][] _leaves;

    private PictureHashes(IEnumerable<byte[]> hashes)
    {
        _hashes = [.. hashes.DistinctBy(Convert.ToHexString).OrderBy(Convert.ToHexString, StringComparer.Ordinal)];
        _leaves = Array.ConvertAll(_hashes, hash => HashTree.Leaf(hash));
    }

    /// <summary>Number of different hashes.</summary>
    public int Count => _hashes.Length;

    /// <summary>Root of a <see cref="HashTree"/> over them, lower-case hexadecimal.</summary>
    public string Root => Convert.ToHexStringLower(HashTree.Root(_leaves));

    /// <summary>Those of the files' bytes.</summary>
    public static PictureHashes OfFiles(TrainingSet set) => new(set.Items.Select(item => Bytes(item.FileDigest)));

    /// <summary>Those of the decoded pixels; see <see cref="TrainingItem.PixelSha256"/>.</summary>
    public static PictureHashes OfPixels(TrainingSet set) => new(set.Items.Select(item => Bytes(item.PixelDigest)));

    /// <summary>The hash of a file's bytes, lower-case hexadecimal.</summary>
    /// <param name="name">What messages call the file.</param>
    /// <param name="background">What shows where the picture is transparent.</param>
    /// <param name="pixels">That of its pixels instead.</param>
    /// <exception cref="Abstractions.AuditException">It is no picture.</exception>
    public static string Of(string path, string name, PictureBackground background, bool pixels)
    {
        var picture = PictureReader.Read(path, name, background: background);
        return pixels ? picture.PixelSha256 : picture.Sha256;
    }

    /// <summary>How many of the hashes are smaller, and whether the hash itself is there.</summary>
    public (int Smaller, bool IsThere) Find(byte[] hash)
    {
        var place = Array.BinarySearch(_hashes, hash, ByteOrder.Instance);
        return place < 0 ? (~place, false) : (place, true);
    }

    /// <summary>A hash, lower-case hexadecimal.</summary>
    public string At(int index) => Convert.ToHexStringLower(_hashes[index]);

    /// <summary>The proof that it is in the tree.</summary>
    public IReadOnlyList<byte[]> Path(int index) => HashTree.Path(_leaves, index);

    private static byte[] Bytes(Digest digest)
    {
        var bytes = new byte[Digest.Length];
        digest.CopyTo(bytes);
        return bytes;
    }

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static readonly ByteOrder Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
