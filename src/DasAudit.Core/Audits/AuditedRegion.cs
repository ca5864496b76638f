using DasAudit.Core.Files;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Audits;

/// <summary>The part of the audited pictures that is asked about.</summary>
/// <param name="Pixels">In pixels of the pictures as given.</param>
/// <param name="Sample">On the grid that the network denoises; null where it covers all that the model sees.</param>
/// <param name="Picture">On the pixels of the model's pictures, likewise.</param>
internal sealed record AuditedRegion(PictureRegion Pixels, RegionWeights? Sample, RegionWeights? Picture)
{
    /// <summary>The pixels that are meant; null where nothing or the whole picture was asked for.</summary>
    /// <exception cref="AuditException">They do not fit the pictures.</exception>
    public static PictureRegion? Find(AuditRequest request, IReadOnlyList<QueryPicture> pictures)
    {
        if (request.Options.Region is not { } choice)
            return null;
        var first = pictures[0];
        var (width, height) = (first.Picture.Picture.Width, first.Picture.Picture.Height);
        foreach (var other in pictures)
        {
            var picture = other.Picture.Picture;
            if (picture.Width != width || picture.Height != height)
                throw new AuditException(
                    $"'{first.Path}' measures {width}×{height} and '{other.Path}' {picture.Width}×{picture.Height}, so "
                        + $"one {Settings.Name("region")} does not fit both; audit them one by one."
                );
        }

        var region = choice.Of(width, height, first.Path, request.Resolve);
        return region.Share == 1 ? null : region;
    }

    /// <summary>The region as a model sees it; null for null.</summary>
    /// <exception cref="AuditException">The model sees nothing of it.</exception>
    public static AuditedRegion? Of(PictureRegion? pixels, IDiffusionModel model, ResizeMode mode)
    {
        if (pixels is null)
            return null;
        var (picture, sample) = (model.PictureShape, model.SampleShape);
        return new(
            pixels,
            RegionWeights.Of(pixels, picture, mode, sample.Height, sample.Width),
            RegionWeights.Of(pixels, picture, mode, picture.Height, picture.Width)
        );
    }
}
