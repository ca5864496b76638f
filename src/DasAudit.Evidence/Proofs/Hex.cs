namespace DasAudit.Evidence.Proofs;

/// <summary>Hashes of 32 bytes as lower-case hexadecimal text.</summary>
internal static class Hex
{
    private const int Digits = 64;

    internal static IReadOnlyList<string> Texts(IReadOnlyList<byte[]> hashes) =>
        [.. hashes.Select(Convert.ToHexStringLower)];

    /// <summary>Null for what is no such text.</summary>
    internal static byte[]? Bytes(string? text) =>
        text is { Length: Digits } && text.All(char.IsAsciiHexDigitLower) ? Convert.FromHexString(text) : null;

    /// <summary>Null where one is none.</summary>
    internal static IReadOnlyList<byte[]>? Bytes(IReadOnlyList<string>? texts)
    {
        var hashes = texts?.Select(Bytes).ToList();
        return hashes?.TrueForAll(hash => hash is not null) == true ? hashes.ConvertAll(hash => hash!) : null;
    }
}
