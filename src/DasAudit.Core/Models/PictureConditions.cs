using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Models;

/// <summary>What pictures are conditioned on.</summary>
public static class PictureConditions
{
    /// <summary>Whether a model's predictions depend on a text.</summary>
    public static bool TakesCaptions(this IDiffusionModel model) => model is IConditioned { Kind: ConditionKind.Text };

    /// <summary>The condition of a training picture; without a caption it is the empty prompt.</summary>
    /// <param name="resize">How it is made one of the model's size.</param>
    public static Condition Of(IDiffusionModel model, TrainingItem item, ResizeMode resize)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(item);
        return model.TakesCaptions()
            ? OfText(model, item.Caption ?? "", item.Width, item.Height, resize)
            : new(item.Label, item.Caption);
    }

    /// <summary>The condition of a picture with a prompt, for a model that takes captions.</summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    internal static Condition OfText(IDiffusionModel model, string prompt, int width, int height, ResizeMode resize) =>
        new(null, prompt)
        {
            Framing = PictureTensor.FramingOf(
                width,
                height,
                new PictureShapes(model, resize).Of(width, height),
                resize
            ),
        };
}
