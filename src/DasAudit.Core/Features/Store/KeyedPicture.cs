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
        var condition = PictureConditions.Of(model, item, set.Resize);
        var shape = new PictureShapes(model, set.Resize).Of(item.Width, item.Height);
        return Of(model, item.Path, item.PixelSha256, condition, shape, () => set.Read(item), set.Resize);
    }

    /// <summary>A picture of its own, such as an audited one.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="label">Its class; null for none.</param>
    /// <param name="prompt">Its prompt, for a model that takes captions.</param>
    /// <param name="resize">How it is made one of the model's size.</param>
    public static KeyedPicture Of(
        IDiffusionModel model,
        string name,
        HashedPicture picture,
        int? label,
        string prompt = "",
        ResizeMode resize = ResizeMode.Crop
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(picture);
        var (width, height) = (picture.Picture.Width, picture.Picture.Height);
        var condition = model.TakesCaptions()
            ? PictureConditions.OfText(model, prompt, width, height, resize)
            : new Condition(label, null);
        var shape = new PictureShapes(model, resize).Of(width, height);
        return Of(model, name, picture.PixelSha256, condition, shape, () => picture.Picture, resize);
    }

    /// <summary>The picture, of which a region alone is asked about; itself for null, all of it.</summary>
    internal KeyedPicture In(RegionWeights? region) =>
        region is null ? this : new(Key.InRegion(region.Sha256), Picture with { Region = region });

    private static KeyedPicture Of(
        IDiffusionModel model,
        string name,
        string pixels,
        Condition condition,
        ImageShape shape,
        Func<Picture> read,
        ResizeMode resize
    )
    {
        var key = FeatureKey.Of(pixels, model is IConditioned ? condition : null, resize);
        var input = new ModelPicture(name, () => PictureTensor.ToValues(read(), shape, resize), condition);
        return new(key, input with { Shape = shape });
    }
}
