using static TorchSharp.torch;

namespace DasAudit.Safetensors;

/// <summary>The element types that the format and libtorch share, in the format's order.</summary>
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

    // Of the format, but not of libtorch as TorchSharp knows it.
    private static readonly string[] Others =
    [
        "F4",
        "F6_E2M3",
        "F6_E3M2",
        "F8_E4M3",
        "F8_E4M3FNUZ",
        "F8_E5M2",
        "F8_E5M2FNUZ",
        "F8_E8M0",
        "U16",
        "U32",
        "U64",
        "C64",
    ];

    /// <summary>Whether the format knows an element type that is not supported.</summary>
    internal static bool IsOfTheFormat(string name) => Others.Contains(name);

    internal static bool TryParse(string name, out ScalarType type, out int size)
    {
        var found = Array.Find(All, entry => entry.Name == name);
        (type, size) = (found.Type, found.Size);
        return found.Name is not null;
    }

    internal static string Name(ScalarType type) => All[Rank(type)].Name;

    /// <summary>Position in the format's enumeration: files are ordered by it, so that tensors are aligned.</summary>
    internal static int Rank(ScalarType type)
    {
        var rank = Array.FindIndex(All, entry => entry.Type == type);
        return rank >= 0
            ? rank
            : throw new ArgumentException($"safetensors has no element type for {type}.", nameof(type));
    }
}
