using DasAudit.Core.Audits;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>A picture to put among the training pictures.</summary>
/// <param name="Name">Of its file, without folder and ending; no other of its kind has it.</param>
/// <param name="Metadata">Its class or caption.</param>
internal sealed record PlantedPicture(string Name, Picture Picture, PictureMetadata Metadata)
{
    private const int Levels = 256;
    private const int BrightnessChange = 8;
    private const int LargestTile = 8;

    /// <summary>A query with all levels changed by 8 of 255, towards the middle.</summary>
    public static PlantedPicture Brightened(string name, AuditQuery query)
    {
        var picture = query.Picture.Picture.Picture;
        var isBright = picture.Rgb.Average(level => level) > (Levels - 1) / 2.0;
        var change = isBright ? -BrightnessChange : BrightnessChange;
        byte[] rgb = [.. picture.Rgb.Select(level => (byte)Math.Clamp(level + change, 0, Levels - 1))];
        return new(name, picture with { Rgb = rgb }, MetadataOf(query));
    }

    /// <summary>A query moved to the right by one pixel; its first column stands twice.</summary>
    public static PlantedPicture Shifted(string name, AuditQuery query)
    {
        var picture = query.Picture.Picture.Picture;
        var rgb = (byte[])picture.Rgb.Clone();
        var stride = picture.Width * 3;
        for (var row = 0; row < picture.Height; row++)
            picture.Rgb.AsSpan(row * stride, stride - 3).CopyTo(rgb.AsSpan(row * stride + 3));
        return new(name, picture with { Rgb = rgb }, MetadataOf(query));
    }

    /// <summary>A query as it is.</summary>
    public static PlantedPicture Same(string name, AuditQuery query) =>
        new(name, query.Picture.Picture.Picture, MetadataOf(query));

    /// <summary>As no training set has them: even ones a slope, odd ones tiles, of two random colours.</summary>
    /// <param name="metadata">Those of a training picture: a class or caption that the model knows.</param>
    public static PlantedPicture Foreign(int number, ImageShape shape, PictureMetadata metadata, long seed)
    {
        var source = new NoiseSource(seed);
        var address = new NoiseAddress(NoisePurpose.PlantedPicture, 0, number);
        int[] colours = [.. Enumerable.Range(0, 6).Select(place => source.Below(address, place, Levels))];
        var tile = 1 + source.Below(address, 6, LargestTile);
        var angle = 2 * Math.PI * source.Below(address, 7, Levels) / Levels;
        var rgb = new byte[shape.Height * shape.Width * 3];
        for (var row = 0; row < shape.Height; row++)
        for (var column = 0; column < shape.Width; column++)
        {
            var part = number % 2 == 0 ? Slope(row, column) : (row / tile + column / tile) % 2;
            for (var channel = 0; channel < 3; channel++)
                rgb[(row * shape.Width + column) * 3 + channel] = (byte)
                    Math.Round(colours[channel] + part * (colours[channel + 3] - colours[channel]));
        }
        return new($"{number:0000}", new(shape.Width, shape.Height, rgb), metadata);

        double Slope(int row, int column)
        {
            var across = Math.Cos(angle) * (column + 0.5 - shape.Width / 2.0) / shape.Width;
            var down = Math.Sin(angle) * (row + 0.5 - shape.Height / 2.0) / shape.Height;
            return Math.Clamp(0.5 + across + down, 0, 1);
        }
    }

    private static PictureMetadata MetadataOf(AuditQuery query) =>
        new() { Label = query.Input.Picture.Condition?.ClassLabel, Caption = query.Input.Picture.Condition?.Caption };
}
