using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Candidates;

/// <summary>
/// Embeddings on disk, one safetensors file an encoder, named by the encoder's hash. Those of GPUs, which differ in
/// their last digits, have a file of their own.
/// </summary>
/// <remarks>
/// Rows are found by the hash of the pixels, so that moved and renamed pictures are not embedded again. A file is
/// replaced as a whole; one that is damaged or of another format counts as not there. If two processes write at once,
/// the last wins, and only costs the other's rows a second embedding. <c>pixels</c>, uint8 [N, 32], holds the SHA-256
/// of each picture's pixels in ascending order, <c>embeddings</c>, float32 [N, D], its row. The metadata hold the hash
/// of the encoder, and the SHA-256 of the data of both tensors, one after the other.
/// </remarks>
/// <param name="folder">Made when something is first saved.</param>
internal sealed class EmbeddingCache(string folder)
{
    private const string Pixels = "pixels";
    private const string Embeddings = "embeddings";
    private const string EncoderHash = "encoder";
    private const string DataHash = "sha256";

    /// <summary>The rows of an encoder by pixel hash; empty if there is no whole file of this encoder.</summary>
    public Dictionary<string, float[]> Load(IImageEncoder encoder)
    {
        try
        {
            using var file = SafetensorsFile.Open(PathOf(encoder));
            return HasFormat(file, encoder) ? Read(file) : [];
        }
        catch (AuditException)
        {
            return [];
        }
    }

    /// <summary>Adds rows to the file. One that cannot be written is no error: rows are embedded again.</summary>
    public void Save(IImageEncoder encoder, IReadOnlyDictionary<string, float[]> rows)
    {
        var merged = Load(encoder);
        foreach (var (pixels, row) in rows)
            merged[pixels] = row;
        try
        {
            Directory.CreateDirectory(folder);
            Write(PathOf(encoder), encoder, merged);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AuditException) { }
    }

    private string PathOf(IImageEncoder encoder) =>
        Path.Combine(folder, $"{encoder.Sha256}{(encoder.Device is null ? "" : "-cuda")}.embeddings");

    private static void Write(string path, IImageEncoder encoder, Dictionary<string, float[]> rows)
    {
        using var scope = NewDisposeScope();
        var keys = rows.Keys.Order(StringComparer.Ordinal).ToList();
        var pixels = tensor(keys.SelectMany(Convert.FromHexString).ToArray(), [keys.Count, SHA256.HashSizeInBytes]);
        var embeddings = empty(keys.Count, encoder.Dimension);
        for (var i = 0; i < keys.Count; i++)
        {
            using var row = embeddings[i];
            rows[keys[i]].CopyTo(MemoryMarshal.Cast<byte, float>(row.bytes));
        }

        var metadata = new Dictionary<string, string>
        {
            [EncoderHash] = encoder.Sha256,
            [DataHash] = HashOf(pixels, embeddings),
        };
        SafetensorsWriter.Write(path, [(Pixels, pixels), (Embeddings, embeddings)], metadata);
    }

    private static bool HasFormat(SafetensorsFile file, IImageEncoder encoder) =>
        file.Metadata.GetValueOrDefault(EncoderHash) == encoder.Sha256
        && file.TryGet(Pixels, out var pixels)
        && file.TryGet(Embeddings, out var embeddings)
        && pixels.Type == ScalarType.Byte
        && embeddings.Type == ScalarType.Float32
        && pixels.Shape is [var count, SHA256.HashSizeInBytes]
        && embeddings.Shape.SequenceEqual([count, encoder.Dimension]);

    private static Dictionary<string, float[]> Read(SafetensorsFile file)
    {
        using var scope = NewDisposeScope();
        var pixels = file.Read(Pixels);
        var embeddings = file.Read(Embeddings);
        if (file.Metadata.GetValueOrDefault(DataHash) != HashOf(pixels, embeddings))
            return [];
        var rows = new Dictionary<string, float[]>(StringComparer.Ordinal);
        for (var i = 0; i < pixels.shape[0]; i++)
        {
            using var key = pixels[i];
            using var row = embeddings[i];
            rows.Add(Convert.ToHexStringLower(key.bytes), MemoryMarshal.Cast<byte, float>(row.bytes).ToArray());
        }

        return rows;
    }

    private static string HashOf(params IEnumerable<Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors)
        {
            for (var i = 0; i < tensor.shape[0]; i++)
            {
                using var row = tensor[i];
                hash.AppendData(row.bytes);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
