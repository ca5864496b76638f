using System.Text.Json;
using DasAudit.Abstractions;

namespace DasAudit.Safetensors;

/// <summary>
/// The JSON header: it is believed only after every tensor lies inside the file, has as many bytes as its shape and
/// type ask for, and all of them together cover the data without gap or overlap.
/// </summary>
internal sealed class SafetensorsHeader
{
    internal const int PrefixLength = 8;
    internal const int MaxLength = 100_000_000;
    private const string MetadataKey = "__metadata__";
    private const int MaxDimensions = 64;

    private readonly string _path;

    private SafetensorsHeader(string path) => _path = path;

    /// <summary>All tensors in the order of their data.</summary>
    internal List<SafetensorsInfo> Tensors { get; private set; } = [];

    internal Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    internal static AuditException Invalid(string path, string reason) =>
        new($"'{path}' is no valid safetensors file: {reason}; get the file again or write it anew.");

    internal static SafetensorsHeader Parse(string path, ReadOnlyMemory<byte> json, long dataLength)
    {
        var header = new SafetensorsHeader(path);
        try
        {
            using var document = JsonDocument.Parse(json);
            header.ReadEntries(document.RootElement, PrefixLength + json.Length);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AuditException(Invalid(path, "its header is no valid JSON").Message, e);
        }
        header.CheckCoverage(PrefixLength + json.Length, dataLength);
        return header;
    }

    private void ReadEntries(JsonElement root, long dataStart)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw Invalid("its header is no JSON object");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in root.EnumerateObject())
        {
            if (!names.Add(entry.Name))
                throw Invalid($"its header names '{entry.Name}' twice");
            if (entry.Name == MetadataKey)
                ReadMetadata(entry.Value);
            else
                Tensors.Add(ReadTensor(entry.Name, entry.Value, dataStart));
        }
    }

    private void ReadMetadata(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Invalid("its metadata is no JSON object");
        foreach (var entry in value.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.String)
                throw Invalid($"its metadata '{entry.Name}' is no text");
            Metadata[entry.Name] = entry.Value.GetString()!;
        }
    }

    private SafetensorsInfo ReadTensor(string name, JsonElement value, long dataStart)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Invalid($"the entry of tensor '{name}' is no JSON object");
        var typeName =
            value.TryGetProperty("dtype", out var dtype) && dtype.ValueKind == JsonValueKind.String
                ? dtype.GetString()!
                : "";
        if (!SafetensorsTypes.TryParse(typeName, out var type, out var elementSize))
            throw SafetensorsTypes.IsOfTheFormat(typeName)
                ? new AuditException(
                    $"'{_path}' holds tensor '{name}' of the element type '{typeName}', which is not supported; give "
                        + "the weights as F32, F16 or BF16."
                )
                : Invalid($"tensor '{name}' has the element type '{typeName}', which is not supported");
        var shape = Integers(name, value, "shape");
        var offsets = Integers(name, value, "data_offsets");
        if (shape.Length > MaxDimensions)
            throw Invalid($"tensor '{name}' has {shape.Length} dimensions, more than {MaxDimensions}");
        if (offsets.Length != 2 || offsets[0] > offsets[1])
            throw Invalid($"tensor '{name}' has impossible data offsets");
        var (begin, length) = (offsets[0], offsets[1] - offsets[0]);
        if (ByteLength(shape, elementSize) != length)
            throw Invalid(
                $"tensor '{name}' of type {typeName} and shape [{string.Join(", ", shape)}] does not fill its "
                    + $"{length} bytes"
            );
        if (begin > long.MaxValue - dataStart)
            throw Invalid($"tensor '{name}' has impossible data offsets");
        return new SafetensorsInfo(name, type, shape, dataStart + begin, length);
    }

    private long[] Integers(string name, JsonElement value, string property)
    {
        if (!value.TryGetProperty(property, out var array) || array.ValueKind != JsonValueKind.Array)
            throw Invalid($"tensor '{name}' lacks the list '{property}'");
        return
        [
            .. array
                .EnumerateArray()
                .Select(item =>
                    item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var number) && number >= 0
                        ? number
                        : throw Invalid(
                            $"'{property}' of tensor '{name}' holds something other than a non-negative whole number"
                        )
                ),
        ];
    }

    // −1 (which no tensor can have) for a size beyond 2⁶³, also when only a zero dimension would save it: libtorch's
    // strides overflow all the same.
    private static long ByteLength(long[] shape, int elementSize)
    {
        try
        {
            var bound = shape.Aggregate(
                (long)elementSize,
                (product, dimension) => checked(product * Math.Max(dimension, 1))
            );
            return shape.Contains(0) ? 0 : bound;
        }
        catch (OverflowException)
        {
            return -1;
        }
    }

    private void CheckCoverage(long dataStart, long dataLength)
    {
        Tensors = [.. Tensors.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.Length)];
        var end = dataStart;
        foreach (var tensor in Tensors)
        {
            if (tensor.Offset != end)
                throw Invalid(
                    $"the data of tensor '{tensor.Name}' "
                        + $"{(tensor.Offset < end ? "overlap another tensor's" : "come after a gap")}"
                );
            if (tensor.Length > dataStart + dataLength - end)
                throw Invalid($"it ends in the middle of tensor '{tensor.Name}'");
            end += tensor.Length;
        }
        if (end != dataStart + dataLength)
            throw Invalid($"{dataStart + dataLength - end} bytes at its end belong to no tensor");
    }

    private AuditException Invalid(string reason) => Invalid(_path, reason);
}
