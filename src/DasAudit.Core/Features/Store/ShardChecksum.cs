using System.Buffers;
using System.IO.Hashing;
using System.Text;
using DasAudit.Core.Gradients;

namespace DasAudit.Core.Features.Store;

/// <summary>
/// The checksum of a shard: XXH128 of every byte of the file, its own 32 digits, which stand in the header's metadata,
/// taken as zeros. It guards against bad disks and copies, not against people.
/// </summary>
internal static class ShardChecksum
{
    /// <summary>Key in the metadata, which sorts before all others: no text of theirs is mistaken for it.</summary>
    public const string Key = "checksum";

    private const int Digits = 32;
    private static readonly byte[] Before = [.. "\"checksum\":\""u8];

    /// <summary>What stands in the header while the checksum is computed.</summary>
    public static string Zeros { get; } = new('0', Digits);

    /// <summary>Begins with all bytes before the data and sets their digits to zeros; null if there are none.</summary>
    public static XxHash128? Begin(Span<byte> header, out Range digits)
    {
        var at = header.IndexOf(Before);
        digits =
            at < 0 || at + Before.Length + Digits > header.Length
                ? default
                : new(at + Before.Length, at + Before.Length + Digits);
        if (digits.Equals(default))
            return null;
        header[digits].Fill((byte)'0');
        var hash = new XxHash128();
        hash.Append(header);
        return hash;
    }

    /// <summary>The digits.</summary>
    public static byte[] End(XxHash128 hash) =>
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetCurrentHash()));

    /// <summary>Whether a file's bytes are those that were written.</summary>
    /// <param name="headerLength">Bytes before the data.</param>
    public static bool Holds(string path, int headerLength)
    {
        using var file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read | FileShare.Delete,
            bufferSize: 0
        );
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(headerLength, 1 << 20));
        try
        {
            return Holds(file, headerLength, buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool Holds(FileStream file, int headerLength, byte[] buffer)
    {
        if (file.ReadAtLeast(buffer.AsSpan(0, headerLength), headerLength, throwOnEndOfStream: false) < headerLength)
            return false;
        var header = buffer.AsSpan(0, headerLength);
        var written = header.ToArray();
        if (Begin(header, out var digits) is not { } hash)
            return false;
        for (int read; (read = file.Read(buffer)) > 0; )
            hash.Append(buffer.AsSpan(0, read));
        return written.AsSpan(digits).SequenceEqual(End(hash));
    }
}
