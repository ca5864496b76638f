namespace DasAudit.Core.Pictures;

/// <summary>How a picture becomes one of a model's size: resized, cut, and put somewhere into it.</summary>
/// <param name="Width">Columns after resizing.</param>
/// <param name="Height">Rows after resizing.</param>
/// <param name="Window">What is kept of the resized picture.</param>
/// <param name="Left">The model's column where that begins.</param>
/// <param name="Top">The model's row where that begins.</param>
internal readonly record struct ModelFrame(long Width, long Height, CropWindow Window, int Left = 0, int Top = 0)
{
    public static ModelFrame Of(int width, int height, ImageShape shape, ResizeMode mode) =>
        mode switch
        {
            ResizeMode.Squash => new(shape.Width, shape.Height, new(0, 0, shape.Width, shape.Height)),
            ResizeMode.Pad => Padded(width, height, shape),
            _ => Cropped(width, height, shape),
        };

    private static ModelFrame Cropped(int width, int height, ImageShape shape)
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

    private static ModelFrame Padded(int width, int height, ImageShape shape)
    {
        var isWider = (long)width * shape.Height >= (long)height * shape.Width;
        var resizedWidth = isWider ? shape.Width : Fitting(width, shape.Height, height);
        var resizedHeight = isWider ? Fitting(height, shape.Width, width) : shape.Height;
        return new(
            resizedWidth,
            resizedHeight,
            new(0, 0, resizedWidth, resizedHeight),
            (shape.Width - resizedWidth) / 2,
            (shape.Height - resizedHeight) / 2
        );
    }

    private static (long Width, long Height) Cover(int width, int height, ImageShape shape) =>
        (long)shape.Width * height >= (long)shape.Height * width
            ? (shape.Width, Math.Max(shape.Height, (long)shape.Width * height / width))
            : (Math.Max(shape.Width, (long)shape.Height * width / height), shape.Height);

    private static int Fitting(int side, int shapeSide, int otherSide) =>
        (int)Math.Max(1, (long)side * shapeSide / otherSide);

    private static long CropStart(long length, int cropped) => (long)Math.Round((length - cropped) / 2.0);
}
