using System.Security.Cryptography;

namespace DasAudit.Evidence.Bundles;

/// <summary>A file in a bundle.</summary>
internal sealed record BundlePart(string Name, byte[] Bytes)
{
    /// <summary>Lower-case hexadecimal.</summary>
    internal string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Bytes));
}
