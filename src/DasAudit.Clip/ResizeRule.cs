namespace DasAudit.Clip;

/// <summary>What size a picture is resized to.</summary>
/// <param name="Height">Of the result or the rectangle, at least 1; for the shortest edge its length.</param>
/// <param name="Width">As the height.</param>
internal sealed record ResizeRule(ResizeKind Kind, int Height, int Width)
{
    /// <summary>The shorter side gets this length.</summary>
    public static ResizeRule ShortestEdge(int length) => new(ResizeKind.ShortestEdge, length, length);

    /// <summary>This size, whatever the proportions.</summary>
    public static ResizeRule Exact(int height, int width) => new(ResizeKind.Exact, height, width);

    /// <summary>
    /// The size that a picture gets, at least 0 × 0. The longer side is cut to whole pixels, as transformers and
    /// torchvision do; within and around a rectangle both sides are rounded to even, as open_clip does.
    /// </summary>
    public (long Width, long Height) Apply(int width, int height) =>
        Kind switch
        {
            ResizeKind.Exact => (Width, Height),
            ResizeKind.ShortestEdge when width <= height => (Width, (long)Width * height / width),
            ResizeKind.ShortestEdge => ((long)Height * width / height, Height),
            ResizeKind.Inside => Divide(width, height, Math.Max((double)height / Height, (double)width / Width)),
            _ => Divide(width, height, Math.Min((double)height / Height, (double)width / Width)),
        };

    /// <summary>A text for hashing; for the first two kinds as hashes of earlier versions have it.</summary>
    public string Canonical() =>
        Kind switch
        {
            ResizeKind.ShortestEdge => $"ResizeRule {{ ShortestEdge = {Height}, Height = 0, Width = 0 }}",
            ResizeKind.Exact => $"ResizeRule {{ ShortestEdge = , Height = {Height}, Width = {Width} }}",
            _ => $"{Kind} {Height}x{Width}",
        };

    /// <summary>In words, such as <c>shortest edge to 224</c>.</summary>
    public override string ToString() =>
        Kind switch
        {
            ResizeKind.ShortestEdge => $"shortest edge to {Height}",
            ResizeKind.Exact => $"to {Width}×{Height}",
            ResizeKind.Inside => $"to fit within {Width}×{Height}",
            _ => $"to cover {Width}×{Height}",
        };

    private static (long Width, long Height) Divide(int width, int height, double ratio) =>
        ((long)Math.Round(width / ratio), (long)Math.Round(height / ratio));
}
