using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DasAudit.Core.Pictures;

/// <summary>Names a picture by what is seen, whatever file format holds it.</summary>
public static class PixelHash
{
    /// <summary>SHA-256 of width, height (two little-endian int32) and the RGB bytes, lower-case hexadecimal.</summary>
    public static string Compute(Picture picture)
    {
        Span<byte> size = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(size, picture.Width);
        BinaryPrimitives.WriteInt32LittleEndian(size[4..], picture.Height);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(size);
        hash.AppendData(picture.Rgb);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
