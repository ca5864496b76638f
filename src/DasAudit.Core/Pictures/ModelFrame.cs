namespace DasAudit.Core.Pictures;

/// <summary>How a picture becomes one of a model's size: resized, then cropped at the centre.</summary>
/// <param name="Width">Columns after resizing, at least the model's.</param>
/// <param name="Height">Rows after resizing, at least the model's.</param>
/// <param name="Window">What is kept of the resized picture.</param>
internal readonly record struct ModelFrame(long Width, long Height, CropWindow Window)
{
    /// <summary>Resized until it just covers the shape.</summary>
    public static ModelFrame Of(int width, int height, ImageShape shape)
    {
        var (resizedWidth, resizedHeight) = Cover(width, height, shape);
        var window = new CropWindow(
            CropStart(resizedWidth, shape.Width),
            CropStart(resizedHeight, shape.Height),
            shape.Width,
            shape.Height
        );
        return new(resizedWidth, resizedHeight, window);
    }

    private static (long Width, long Height) Cover(int width, int height, ImageShape shape) =>
        (long)shape.Width * height >= (long)shape.Height * width
            ? (shape.Width, Math.Max(shape.Height, (long)shape.Width * height / width))
            : (Math.Max(shape.Width, (long)shape.Height * width / height), shape.Height);

    private static long CropStart(long length, int cropped) => (long)Math.Round((length - cropped) / 2.0);
}
