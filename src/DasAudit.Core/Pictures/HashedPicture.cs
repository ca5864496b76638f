using System.Security.Cryptography;

namespace DasAudit.Core.Pictures;

/// <summary>A decoded picture file with its hashes.</summary>
/// <param name="Picture">The pixels.</param>
/// <param name="Sha256">SHA-256 of the file's bytes, lower-case hexadecimal.</param>
/// <param name="PixelSha256">See <see cref="PixelHash"/>.</param>
public sealed record HashedPicture(Picture Picture, string Sha256, string PixelSha256)
{
    internal static HashedPicture Of(Picture picture, ReadOnlySpan<byte> bytes) =>
        new(picture, Convert.ToHexStringLower(SHA256.HashData(bytes)), PixelHash.Compute(picture));
}
