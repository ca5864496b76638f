using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DasAudit.Core.Features.Store;

/// <summary>
/// Writes a shard: a safetensors file as the format's own library writes it (compact header padded to a multiple of 8,
/// tensors by falling size of element, then by name). The same features always give the same bytes.
/// </summary>
internal sealed class ShardWriter
{
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly IReadOnlyList<StoredPicture> _pictures;
    private readonly List<ShardPart> _parts = [];
    private readonly byte[] _header;

    /// <summary>A shard of pictures, one at least, of the same kinds and shapes; the digest is the settings'.</summary>
    public ShardWriter(IReadOnlyList<StoredPicture> pictures, FeatureFormat format, string digest)
    {
        _pictures = pictures;
        var keys = Keys();
        FileName = NameOf(digest, keys);
        Add(ShardTensors.Keys, "U8", [FeatureKey.Length], 1, sink => sink(keys));
        AddNumbers();
        foreach (var (kind, rows) in pictures[0].Features.Rows)
            AddRows(kind, rows.Length, rows[0].Length, format);
        _parts.Sort(ShardPart.Compare);
        _header = Header(digest);
    }

    /// <summary>16 hexadecimal digits of keys and settings: the same pictures have the same name everywhere.</summary>
    public string FileName { get; }

    public void Write(Stream file)
    {
        file.Write(_header);
        foreach (var part in _parts)
            part.Emit(file.Write);
    }

    public static string NameOf(string digest, ReadOnlySpan<byte> keys) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Convert.FromHexString(digest), .. keys]).AsSpan(0, 8))
        + ".safetensors";

    private byte[] Keys()
    {
        var keys = new byte[_pictures.Count * FeatureKey.Length];
        foreach (var (i, picture) in _pictures.Index())
            picture.Key.Write(keys.AsSpan(i * FeatureKey.Length));
        return keys;
    }

    private byte[] Header(string digest)
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [ShardChecksum.Key] = ShardChecksum.Zeros,
            ["items"] = JsonSerializer.Serialize(_pictures.Select(picture => picture.Name), Relaxed),
            ["schema"] = SettingsFile.SchemaId,
            ["settings"] = digest,
        };
        var header = ShardPart.Header(_parts, metadata);
        var hash = ShardChecksum.Begin(header, out var digits)!;
        foreach (var part in _parts)
            part.Emit(hash.Append);
        ShardChecksum.End(hash).CopyTo(header, digits.Start.Value);
        return header;
    }

    private void AddNumbers()
    {
        var first = _pictures[0].Features;
        AddNumbers(ShardTensors.SquaredErrors, features => features.SquaredErrors);
        foreach (var function in first.GradientNorms.Keys)
            AddNumbers(ShardTensors.Norms(function), features => features.GradientNorms[function]);
        foreach (var function in first.TangentTargets.Keys)
            AddNumbers(ShardTensors.Targets(function), features => features.TangentTargets[function]);
    }

    private void AddNumbers(string name, Func<PictureFeatures, double[][]> numbersOf)
    {
        var numbers = numbersOf(_pictures[0].Features);
        Add(name, "F64", [numbers.Length, numbers[0].Length], sizeof(double), Emit);

        void Emit(ByteSink sink)
        {
            foreach (var row in _pictures.SelectMany(picture => numbersOf(picture.Features)))
                sink(MemoryMarshal.AsBytes<double>(row));
        }
    }

    private void AddRows(FeatureKind kind, int rows, int dimension, FeatureFormat format)
    {
        if (format == FeatureFormat.F32)
        {
            Add(ShardTensors.Rows(kind), "F32", [rows, dimension], sizeof(float), sink => EmitRows(kind, sink));
            return;
        }

        Add(ShardTensors.Rows(kind), "F16", [rows, dimension], sizeof(short), sink => EmitHalves(kind, sink));
        Add(ShardTensors.Scales(kind), "F32", [rows], sizeof(float), sink => EmitScales(kind, sink));
    }

    private void Add(string name, string type, int[] shapeOfPicture, int valueSize, Action<ByteSink> emit) =>
        _parts.Add(new(name, type, [_pictures.Count, .. shapeOfPicture], valueSize, emit));

    private IEnumerable<float[]> Rows(FeatureKind kind) => _pictures.SelectMany(picture => picture.Features.Rows[kind]);

    private void EmitRows(FeatureKind kind, ByteSink sink)
    {
        foreach (var row in Rows(kind))
            sink(MemoryMarshal.AsBytes<float>(row));
    }

    private void EmitHalves(FeatureKind kind, ByteSink sink)
    {
        var dimension = _pictures[0].Features.Rows[kind][0].Length;
        var (scratch, halves) = (new float[dimension], new Half[dimension]);
        foreach (var row in Rows(kind))
        {
            HalfRow.Round(row, scratch, halves);
            sink(MemoryMarshal.AsBytes<Half>(halves));
        }
    }

    private void EmitScales(FeatureKind kind, ByteSink sink)
    {
        float[] scales = [.. Rows(kind).Select(row => HalfRow.Scale(row))];
        sink(MemoryMarshal.AsBytes<float>(scales));
    }
}
