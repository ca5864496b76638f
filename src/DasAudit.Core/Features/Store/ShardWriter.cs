using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DasAudit.Core.Features.Store;

/// <summary>
/// Writes a shard: a safetensors file as the format's own library writes it (compact header padded to a multiple of 8, tensors by falling size
/// of element, then by name). The same features always give the same bytes.
/// </summary>
internal sealed class ShardWriter
{
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly IReadOnlyList<StoredPicture> _pictures;
    private readonly FeatureFormat _format;
    private readonly List<Part> _parts = [];
    private readonly byte[] _header;

    /// <summary>A shard of pictures.</summary>
    /// <param name="pictures">At least one; all with the same kinds and shapes.</param>
    /// <param name="format">How values are kept.</param>
    /// <param name="digest">Of the settings.</param>
    public ShardWriter(IReadOnlyList<StoredPicture> pictures, FeatureFormat format, string digest)
    {
        (_pictures, _format) = (pictures, format);
        var keys = Keys();
        FileName = NameOf(digest, keys);
        AddParts(keys);
        var items = JsonSerializer.Serialize(pictures.Select(picture => picture.Name), Relaxed);
        _header = Header(
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                [ShardChecksum.Key] = ShardChecksum.Zeros,
                ["items"] = items,
                ["schema"] = SettingsFile.SchemaId,
                ["settings"] = digest,
            }
        );
        var hash = ShardChecksum.Begin(_header, out var digits)!;
        foreach (var part in _parts)
            part.Emit(hash.Append);
        ShardChecksum.End(hash).CopyTo(_header, digits.Start.Value);
    }

    /// <summary>16 hexadecimal digits of the keys and the settings, so that the same pictures have the same name everywhere.</summary>
    public string FileName { get; }

    /// <summary>Writes the file.</summary>
    public void Write(Stream file)
    {
        file.Write(_header);
        foreach (var part in _parts)
            part.Emit(file.Write);
    }

    /// <summary>The name of a shard.</summary>
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

    private void AddParts(byte[] keys)
    {
        var first = _pictures[0].Features;
        var (replicates, timesteps) = (first.SquaredErrors.Length, first.SquaredErrors[0].Length);
        AddNumbers("squared_errors", features => features.SquaredErrors);
        foreach (var function in first.GradientNorms.Keys)
            AddNumbers("norms." + function, features => features.GradientNorms[function]);
        foreach (var function in first.TangentTargets.Keys)
            AddNumbers("targets." + function, features => features.TangentTargets[function]);
        foreach (var (kind, rows) in first.Rows)
        {
            if (_format == FeatureFormat.F32)
                Add(
                    $"features.{kind}",
                    "F32",
                    [rows.Length, rows[0].Length],
                    sizeof(float),
                    sink => EmitRows(kind, sink)
                );
            else
            {
                Add(
                    $"features.{kind}",
                    "F16",
                    [rows.Length, rows[0].Length],
                    sizeof(short),
                    sink => EmitHalves(kind, sink)
                );
                Add($"scale.{kind}", "F32", [rows.Length], sizeof(float), sink => EmitScales(kind, sink));
            }
        }

        Add("keys", "U8", [FeatureKey.Length], 1, sink => sink(keys));
        _parts.Sort((a, b) => a.Rank != b.Rank ? a.Rank - b.Rank : string.CompareOrdinal(a.Name, b.Name));

        void AddNumbers(string name, Func<PictureFeatures, double[][]> of) =>
            Add(
                name,
                "F64",
                [replicates, timesteps],
                sizeof(double),
                sink =>
                {
                    foreach (var row in _pictures.SelectMany(picture => of(picture.Features)))
                        sink(MemoryMarshal.AsBytes<double>(row));
                }
            );

        void Add(string name, string type, int[] shape, int size, Action<Sink> emit) =>
            _parts.Add(new(name, type, [_pictures.Count, .. shape], size, emit));
    }

    private void EmitRows(FeatureKind kind, Sink sink)
    {
        foreach (var row in _pictures.SelectMany(picture => picture.Features.Rows[kind]))
            sink(MemoryMarshal.AsBytes<float>(row));
    }

    private void EmitHalves(FeatureKind kind, Sink sink)
    {
        var (scratch, half) = (Array.Empty<float>(), Array.Empty<Half>());
        foreach (var row in _pictures.SelectMany(picture => picture.Features.Rows[kind]))
        {
            if (scratch.Length != row.Length)
                (scratch, half) = (new float[row.Length], new Half[row.Length]);
            HalfRow.Round(row, scratch, half);
            sink(MemoryMarshal.AsBytes<Half>(half));
        }
    }

    private void EmitScales(FeatureKind kind, Sink sink)
    {
        float[] scales =
        [
            .. _pictures.SelectMany(picture => picture.Features.Rows[kind]).Select(row => HalfRow.Scale(row)),
        ];
        sink(MemoryMarshal.AsBytes<float>(scales));
    }

    private byte[] Header(IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var json = new ArrayBufferWriter<byte>();
        using (
            var writer = new Utf8JsonWriter(
                json,
                new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata)
                writer.WriteString(key, value);
            writer.WriteEndObject();
            var offset = 0L;
            foreach (var part in _parts)
            {
                writer.WriteStartObject(part.Name);
                writer.WriteString("dtype", part.Type);
                writer.WriteStartArray("shape");
                foreach (var size in part.Shape)
                    writer.WriteNumberValue(size);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                writer.WriteNumberValue(
                    offset += part.Shape.Aggregate((long)part.Size, (product, size) => product * size)
                );
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        var header = new byte[sizeof(long) + json.WrittenCount + (-json.WrittenCount & 7)];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - sizeof(long));
        json.WrittenSpan.CopyTo(header.AsSpan(sizeof(long)));
        return header;
    }

    private delegate void Sink(ReadOnlySpan<byte> bytes);

    private sealed record Part(string Name, string Type, int[] Shape, int Size, Action<Sink> Emit)
    {
        public int Rank => Array.IndexOf(["F64", "F32", "F16", "U8"], Type);
    }
}

/// <summary>The features of a picture with its key.</summary>
/// <param name="Key">What they are found by.</param>
/// <param name="Name">For people who look into the file.</param>
/// <param name="Features">The features.</param>
internal sealed record StoredPicture(FeatureKey Key, string Name, PictureFeatures Features);
