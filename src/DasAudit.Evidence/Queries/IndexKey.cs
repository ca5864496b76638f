using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DasAudit.Evidence.Queries;

/// <summary>
/// Names and hashes as eight bytes, so that many reports can be looked through at once. Two names with the same key
/// cannot be made on purpose with less than about 2^32 tries, and do not come about by chance.
/// </summary>
internal static class IndexKey
{
    /// <summary>Digits of a hash that a key holds.</summary>
    internal const int Digits = 16;

    /// <summary>The key of a name; case does not matter.</summary>
    internal static ulong OfName(string name) => Of(name.ToUpperInvariant());

    /// <summary>The key of a path, as it is written.</summary>
    internal static ulong Of(string text) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The first digits of a hash in hexadecimal; 0 for anything else.</summary>
    internal static ulong OfHash(string? hash) =>
        hash?.Length >= Digits && hash[..Digits].All(char.IsAsciiHexDigit) ? Parse(hash[..Digits]) : 0;

    /// <summary>The key of the beginning of a hash; digits beyond those of a key are not looked at.</summary>
    /// <returns>The key, and the bits of a key that the text says something of: none if it is no hash.</returns>
    internal static (ulong Key, ulong Mask) OfBeginning(string text)
    {
        if (text.Length is 0 or > 64 || !text.All(char.IsAsciiHexDigit))
            return (0, 0);
        var digits = Math.Min(text.Length, Digits);
        return (Parse(text[..digits].PadRight(Digits, '0')), ulong.MaxValue << (4 * (Digits - digits)));
    }

    private static ulong Parse(string digits) =>
        ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
