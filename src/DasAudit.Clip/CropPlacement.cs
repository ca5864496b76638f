namespace DasAudit.Clip;

/// <summary>Where a centre crop lies if the picture cannot be halved evenly.</summary>
internal enum CropPlacement
{
    /// <summary>transformers on Pillow images: towards the top left, also where the picture is too small.</summary>
    Floor,

    /// <summary>torchvision, so also open_clip: half pixels to the even one; a margin's odd pixel comes last.</summary>
    HalfToEven,
}
