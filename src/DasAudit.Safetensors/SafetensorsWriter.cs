using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using DasAudit.Abstractions;
using static TorchSharp.torch;

namespace DasAudit.Safetensors;

/// <summary>
/// Writes safetensors files byte for byte as the format's own library does: compact header padded with spaces to a multiple of 8,
/// tensors ordered by descending element type, then by name. The same tensors always give the same bytes.
/// </summary>
public static class SafetensorsWriter
{
    /// <summary>Writes a file, atomically: a reader sees the old file or the whole new one.</summary>
    /// <param name="path">The file; replaced if it exists. Its folder must exist.</param>
    /// <param name="tensors">Tensors on any device; stored in row-major order with the element type they have.</param>
    /// <param name="metadata">Texts for <c>__metadata__</c>; null for none.</param>
    /// <exception cref="ArgumentException">A name occurs twice or is <c>__metadata__</c>, or the format lacks an element type.</exception>
    /// <exception cref="AuditException">The file cannot be written.</exception>
    public static void Write(
        string path,
        IEnumerable<(string Name, Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tensors);
        var ordered = tensors
            .OrderByDescending(entry => SafetensorsTypes.Rank(entry.Tensor.dtype))
            .ThenBy(entry => entry.Name, StringComparer.Ordinal)
            .ToList();
        var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
        foreach (var (name, _) in ordered)
            if (!names.Add(name))
                throw new ArgumentException($"The tensor name '{name}' is reserved or occurs twice.", nameof(tensors));

        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                WriteHeader(file, ordered, metadata);
                foreach (var (_, tensor) in ordered)
                    WriteData(file, tensor);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException(
                $"'{path}' cannot be written; check that the folder exists, is writable and has room.",
                e
            );
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    private static void WriteHeader(
        Stream file,
        List<(string Name, Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string>? metadata
    )
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
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                    writer.WriteString(key, value);
                writer.WriteEndObject();
            }
            long offset = 0;
            foreach (var (name, tensor) in tensors)
            {
                writer.WriteStartObject(name);
                writer.WriteString("dtype", SafetensorsTypes.Name(tensor.dtype));
                writer.WriteStartArray("shape");
                foreach (var size in tensor.shape)
                    writer.WriteNumberValue(size);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                writer.WriteNumberValue(offset += tensor.NumberOfElements * tensor.ElementSize);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        var padding = -json.WrittenCount & 7;
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, json.WrittenCount + padding);
        file.Write(prefix);
        file.Write(json.WrittenSpan);
        file.Write("        "u8[..padding]);
    }

    private static void WriteData(Stream file, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous().view(-1);
        for (long start = 0; start < flat.NumberOfElements; start += SafetensorsTypes.ChunkElements)
        {
            using var part = flat.narrow(
                0,
                start,
                Math.Min(SafetensorsTypes.ChunkElements, flat.NumberOfElements - start)
            );
            file.Write(part.bytes);
        }
    }
}
