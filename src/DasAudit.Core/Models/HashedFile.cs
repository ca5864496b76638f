using System.Security.Cryptography;

namespace DasAudit.Core.Models;

/// <summary>A file and the SHA-256 of its bytes.</summary>
/// <param name="Path">Absolute.</param>
internal sealed record HashedFile(string Path, string Sha256)
{
    /// <summary>Reads and hashes a file.</summary>
    internal static HashedFile Of(string path)
    {
        using var file = File.OpenRead(path);
        return new(path, Convert.ToHexStringLower(SHA256.HashData(file)));
    }
}
