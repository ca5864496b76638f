using DasAudit.Core.Files;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Models;

/// <summary>In which shape a model is given each picture.</summary>
public sealed class PictureShapes
{
    private readonly ImageShape _shape;
    private readonly PictureBuckets? _buckets;

    /// <exception cref="AuditException">The model takes pictures of one shape, and several are asked for.</exception>
    internal PictureShapes(IDiffusionModel model, ResizeMode resize)
    {
        _shape = model.PictureShape;
        if (resize == ResizeMode.Bucket)
            _buckets = new(_shape, model.SideMultiple ?? throw OneShape(_shape));
    }

    /// <summary>The shape that a picture of some columns and rows is given in.</summary>
    internal ImageShape Of(int width, int height) => _buckets?.Of(width, height) ?? _shape;

    /// <summary>Refuses a way of resizing that the model does not allow.</summary>
    /// <exception cref="AuditException">The model takes pictures of one shape, and several are asked for.</exception>
    public static void Check(IDiffusionModel model, ResizeMode resize) => _ = new PictureShapes(model, resize);

    private static AuditException OneShape(ImageShape shape) =>
        new(
            $"This model takes pictures of {shape.Width}×{shape.Height} alone, so they cannot be sorted into buckets; "
                + $"choose another {Settings.Name("resize-mode")}."
        );
}
