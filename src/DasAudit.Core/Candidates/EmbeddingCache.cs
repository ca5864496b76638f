using System.Buffers.Binary;
using System.Security.Cryptography;
using DasAudit.Core.Files;

namespace DasAudit.Core.Candidates;

/// <summary>
/// Embeddings on disk, one file an encoder, named by the encoder's hash; rows are found by the hash of the pixels, so that moved and renamed
/// pictures are not embedded again. A file is replaced as a whole and ends with its own SHA-256: a reader sees an old one or a new one, and
/// one that is damaged counts as not there. Of two processes that write at once the last wins, which costs the other's rows a second
/// embedding and nothing else.
/// </summary>
/// <remarks>
/// Layout, little endian: 8 bytes "DASEMB01", 32 bytes SHA-256 of the encoder, int32 dimension, int32 rows; per row, in ascending order,
/// 32 bytes SHA-256 of the pixels and the float32 values; 32 bytes SHA-256 of all before.
/// </remarks>
/// <param name="folder">Made when something is first saved.</param>
public sealed class EmbeddingCache(string folder)
{
    private const int HeaderLength = 8 + HashLength + 4 + 4;
    private const int HashLength = 32;
    private const int BufferSize = 1 << 20;
    private static readonly byte[] Magic = [.. "DASEMB01"u8];

    /// <summary>The rows of an encoder by pixel hash; empty if there is no whole file of this encoder.</summary>
    public Dictionary<string, float[]> Load(IImageEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        try
        {
            using var file = new FileStream(
                PathOf(encoder),
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                BufferSize
            );
            return Read(file, encoder) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Adds rows to what the file now holds. A folder that cannot be written to is no error: the next run embeds again.</summary>
    public void Save(IImageEncoder encoder, IReadOnlyDictionary<string, float[]> rows)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(rows);
        var all = Load(encoder);
        foreach (var (pixels, row) in rows)
            all[pixels] = row;
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.Write(PathOf(encoder), (Stream file) => Write(file, encoder, all));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }

    private string PathOf(IImageEncoder encoder) => Path.Combine(folder, encoder.Sha256 + ".embeddings");

    private static byte[] Header(IImageEncoder encoder, int count)
    {
        var header = new byte[HeaderLength];
        Magic.CopyTo(header, 0);
        Convert.FromHexString(encoder.Sha256).CopyTo(header, Magic.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(Magic.Length + HashLength), encoder.Dimension);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(Magic.Length + HashLength + 4), count);
        return header;
    }

    private static void Write(Stream file, IImageEncoder encoder, Dictionary<string, float[]> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Put(Header(encoder, rows.Count));
        var bytes = new byte[HashLength + 4 * encoder.Dimension];
        foreach (var (pixels, row) in rows.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            Convert.FromHexString(pixels).CopyTo(bytes, 0);
            for (var d = 0; d < row.Length; d++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(HashLength + 4 * d), row[d]);
            Put(bytes);
        }

        file.Write(hash.GetHashAndReset());

        void Put(byte[] part)
        {
            hash.AppendData(part);
            file.Write(part);
        }
    }

    private static Dictionary<string, float[]>? Read(FileStream file, IImageEncoder encoder)
    {
        var bytes = new byte[HashLength + 4 * encoder.Dimension];
        var count = (file.Length - HeaderLength - HashLength) / bytes.Length;
        if (count is < 0 or > int.MaxValue || file.Length != HeaderLength + count * bytes.Length + HashLength)
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = new byte[HeaderLength];
        file.ReadExactly(header);
        hash.AppendData(header);
        if (!header.AsSpan().SequenceEqual(Header(encoder, (int)count)))
            return null;
        var rows = new Dictionary<string, float[]>((int)count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            file.ReadExactly(bytes);
            hash.AppendData(bytes);
            var row = new float[encoder.Dimension];
            for (var d = 0; d < row.Length; d++)
                row[d] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(HashLength + 4 * d));
            rows[Convert.ToHexStringLower(bytes, 0, HashLength)] = row;
        }

        var trailer = new byte[HashLength];
        file.ReadExactly(trailer);
        return hash.GetHashAndReset().AsSpan().SequenceEqual(trailer) ? rows : null;
    }
}
