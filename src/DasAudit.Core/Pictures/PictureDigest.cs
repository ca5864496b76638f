namespace DasAudit.Core.Pictures;

/// <summary>What a picture file is known by.</summary>
/// <param name="Sha256">SHA-256 of the file's bytes, lower-case hexadecimal.</param>
/// <param name="PixelSha256">See <see cref="PixelHash"/>; what is transparent shows white.</param>
public sealed record PictureDigest(string Sha256, string PixelSha256)
{
    /// <summary>Reads a picture file.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="Abstractions.AuditException">It cannot be read, or is no picture.</exception>
    public static PictureDigest Of(string path, string name)
    {
        var picture = PictureReader.Read(path, name);
        return new(picture.Sha256, picture.PixelSha256);
    }
}
