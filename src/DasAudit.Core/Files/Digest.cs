using System.Runtime.InteropServices;

namespace DasAudit.Core.Files;

/// <summary>A SHA-256 as its 32 bytes, which take a fifth of the memory of the hexadecimal text.</summary>
internal readonly record struct Digest(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    /// <summary>Number of bytes.</summary>
    public const int Length = 32;

    public static Digest Of(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<Digest>(bytes);

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static Digest Parse(string text)
    {
        if (text.Length != 2 * Length)
            throw new FormatException($"'{text}' is no SHA-256.");
        Span<byte> bytes = stackalloc byte[Length];
        Convert.FromHexString(text, bytes, out _, out _);
        return Of(bytes);
    }

    public void CopyTo(Span<byte> bytes) => MemoryMarshal.Write(bytes, in this);

    /// <summary>Lower-case hexadecimal.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
