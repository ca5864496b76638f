using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using DasAudit.Core.Pictures.Blocks;

namespace DasAudit.Core.Datasets.Indexes;

/// <summary>What is known of a picture once it was read, whatever the metadata say.</summary>
/// <param name="Sha256">Of the file's bytes.</param>
/// <param name="PixelSha256">See <see cref="PixelHash"/>.</param>
/// <param name="PerceptualHash">See <see cref="Pictures.PerceptualHash"/>.</param>
/// <param name="Composited">Whether it had transparency.</param>
/// <param name="MayState">Whether the file may speak of rights; null in indexes of earlier versions.</param>
internal sealed record PictureFacts(
    Digest Sha256,
    Digest PixelSha256,
    int Width,
    int Height,
    ulong PerceptualHash,
    bool Composited,
    bool? MayState = null
)
{
    /// <param name="file">The file's bytes.</param>
    public static PictureFacts Of(HashedPicture picture, byte[] file) =>
        new(
            Digest.Parse(picture.Sha256),
            Digest.Parse(picture.PixelSha256),
            picture.Picture.Width,
            picture.Picture.Height,
            Pictures.PerceptualHash.Compute(picture.Picture),
            picture.Picture.Composited,
            FileBlocks.Read(new MemoryStream(file)).MayState
        );
}
