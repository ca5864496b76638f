using DasAudit.Core.Datasets;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Features.Store;

/// <summary>A picture whose features are wanted, and the key that a store knows it by.</summary>
/// <param name="Key">Of its pixels and, for a conditional model, its condition.</param>
/// <param name="Picture">How to read it.</param>
public sealed record KeyedPicture(FeatureKey Key, ModelPicture Picture)
{
    /// <summary>A picture of a set.</summary>
    public static KeyedPicture Of(IDiffusionModel model, IPictureSet set, TrainingItem item)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(item);
        var shape = model.PictureShape;
        return Of(
            model,
            item.Path,
            item.PixelSha256,
            new(item.Label, item.Caption),
            () => PictureTensor.ToValues(set.Read(item), shape)
        );
    }

    /// <summary>A picture of its own, such as an audited one.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="label">Its class; null for none.</param>
    public static KeyedPicture Of(IDiffusionModel model, string name, HashedPicture picture, int? label)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(picture);
        var shape = model.PictureShape;
        return Of(
            model,
            name,
            picture.PixelSha256,
            new(label, null),
            () => PictureTensor.ToValues(picture.Picture, shape)
        );
    }

    /// <summary>The picture, of which a region alone is asked about; itself for null, all of it.</summary>
    internal KeyedPicture In(RegionWeights? region) =>
        region is null ? this : new(Key.InRegion(region.Sha256), Picture with { Region = region });

    private static KeyedPicture Of(
        IDiffusionModel model,
        string name,
        string pixels,
        Condition condition,
        Func<float[]> read
    ) => new(FeatureKey.Of(pixels, model is IConditioned ? condition : null), new(name, read, condition));
}
