using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DasAudit.Core.Features.Store;

/// <summary>Takes bytes one after the other.</summary>
internal delegate void ByteSink(ReadOnlySpan<byte> bytes);

/// <summary>A tensor of a shard that is to be written.</summary>
/// <param name="Type">Its type as safetensors calls it.</param>
/// <param name="ValueSize">Bytes of a value.</param>
/// <param name="Emit">Hands out its values.</param>
internal sealed record ShardPart(string Name, string Type, int[] Shape, int ValueSize, Action<ByteSink> Emit)
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private long Length => Shape.Aggregate((long)ValueSize, (product, size) => product * size);

    /// <summary>The order of tensors in a file: by falling size of value, floating point first, then by name.</summary>
    public static int Compare(ShardPart left, ShardPart right) =>
        left.Rank != right.Rank ? left.Rank - right.Rank : string.CompareOrdinal(left.Name, right.Name);

    /// <summary>The header of a file of some tensors, padded to a multiple of 8 bytes.</summary>
    public static byte[] Header(IEnumerable<ShardPart> parts, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Relaxed))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata)
                writer.WriteString(key, value);
            writer.WriteEndObject();
            var offset = 0L;
            foreach (var part in parts)
            {
                part.Write(writer, offset);
                offset += part.Length;
            }

            writer.WriteEndObject();
        }

        var header = new byte[sizeof(long) + json.WrittenCount + (-json.WrittenCount & 7)];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - sizeof(long));
        json.WrittenSpan.CopyTo(header.AsSpan(sizeof(long)));
        return header;
    }

    private int Rank => Array.IndexOf(["F64", "F32", "F16", "U8"], Type);

    private void Write(Utf8JsonWriter writer, long offset)
    {
        writer.WriteStartObject(Name);
        writer.WriteString("dtype", Type);
        writer.WriteStartArray("shape");
        foreach (var size in Shape)
            writer.WriteNumberValue(size);
        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(offset);
        writer.WriteNumberValue(offset + Length);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
