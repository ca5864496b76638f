using static TorchSharp.torch;

namespace DasAudit.Safetensors;

/// <summary>The element types of the format that libtorch has as well, in the order of the format's own enumeration.</summary>
internal static class SafetensorsTypes
{
    /// <summary>Elements that are moved at once: a span cannot hold more than 2 GiB.</summary>
    internal const long ChunkElements = 1 << 27;

    private static readonly (string Name, ScalarType Type, int Size)[] All =
    [
        ("BOOL", ScalarType.Bool, 1),
        ("U8", ScalarType.Byte, 1),
        ("I8", ScalarType.Int8, 1),
        ("I16", ScalarType.Int16, 2),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("I32", ScalarType.Int32, 4),
        ("F32", ScalarType.Float32, 4),
        ("F64", ScalarType.Float64, 8),
        ("I64", ScalarType.Int64, 8),
    ];

    internal static bool TryParse(string name, out ScalarType type, out int size)
    {
        var found = Array.Find(All, entry => entry.Name == name);
        (type, size) = (found.Type, found.Size);
        return found.Name is not null;
    }

    internal static string Name(ScalarType type) => All[Rank(type)].Name;

    /// <summary>Position in the format's enumeration: files are ordered by it, largest first, so that every tensor is aligned.</summary>
    internal static int Rank(ScalarType type)
    {
        var rank = Array.FindIndex(All, entry => entry.Type == type);
        return rank >= 0
            ? rank
            : throw new ArgumentException($"safetensors has no element type for {type}.", nameof(type));
    }
}
