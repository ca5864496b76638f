using System.Globalization;
using System.Text;
using System.Text.Json;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Evaluation;

/// <summary>
/// Drawn pictures of known factors, 32×32: one of four shapes in one of four colours, of random size, place and turn.
/// The folder is the shape, and the class the colour.
/// </summary>
public static class ShapePictures
{
    private const int Side = 32;

    // Of a pixel, each way.
    private const int Samples = 4;
    private const long Seed = 0;

    // Whether a point belongs to the shape of radius 1 around the origin.
    private static readonly (string Name, Func<double, double, bool> Holds)[] Shapes =
    [
        ("circle", (x, y) => x * x + y * y <= 1),
        ("cross", (x, y) => Math.Min(Math.Abs(x), Math.Abs(y)) <= 0.33 && Math.Max(Math.Abs(x), Math.Abs(y)) <= 1),
        ("square", (x, y) => Math.Max(Math.Abs(x), Math.Abs(y)) <= 0.8),
        ("triangle", (x, y) => y <= 0.6 && y >= Math.Abs(x) * 1.8 - 1),
    ];

    private static readonly (string Name, byte[] Rgb)[] Colours =
    [
        ("blue", [40, 80, 220]),
        ("green", [40, 160, 60]),
        ("red", [220, 40, 40]),
        ("yellow", [235, 190, 30]),
    ];

    /// <summary>Shapes times colours.</summary>
    public static int Kinds => Shapes.Length * Colours.Length;

    /// <summary>Writes pictures, as many of each kind, with their metadata; a folder that is there is left.</summary>
    /// <param name="first">The number of the first picture of each kind: other numbers give other pictures.</param>
    /// <param name="count">Of all kinds together, a multiple of <see cref="Kinds"/>.</param>
    /// <param name="folder">Made whole or not at all.</param>
    public static void Write(int first, int count, string folder)
    {
        if (Directory.Exists(folder))
            return;
        var beside = folder + ".unfinished";
        if (Directory.Exists(beside))
            Directory.Delete(beside, recursive: true);
        var metadata = new StringBuilder();
        foreach (var (label, colour) in Colours.Index())
        foreach (var (kind, shape) in Shapes.Index())
        foreach (var number in Enumerable.Range(first, count / Kinds))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{shape.Name}/{colour.Name}-{number:0000}.png");
            var address = new NoiseAddress(NoisePurpose.ShapePicture, label * Shapes.Length + kind, number);
            var path = Path.Combine(beside, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            PictureWriter.WritePng(Draw(shape.Holds, colour.Rgb, address), path);
            metadata.Append(JsonSerializer.Serialize(new { file_name = name, label })).Append('\n');
        }
        AtomicFile.Write(Path.Combine(beside, "metadata.jsonl"), file => file.Write(metadata));
        Directory.Move(beside, folder);
    }

    private static Picture Draw(Func<double, double, bool> holds, byte[] colour, NoiseAddress address)
    {
        var source = new NoiseSource(Seed);
        var radius = Between(0, 8, 12);
        var (centreX, centreY) = (Between(1, 13, 19), Between(2, 13, 19));
        var (sin, cos) = Math.SinCos(Between(3, -0.4, 0.4));
        var brightness = Between(4, 0.75, 1);
        var paper = Between(5, 200, 250);
        var rgb = new byte[Side * Side * 3];
        for (var row = 0; row < Side; row++)
        for (var column = 0; column < Side; column++)
        {
            var covered = Covered(row, column);
            for (var channel = 0; channel < 3; channel++)
            {
                var value = covered * brightness * colour[channel] + (1 - covered) * paper;
                rgb[(row * Side + column) * 3 + channel] = (byte)Math.Round(value);
            }
        }
        return new(Side, Side, rgb);

        double Between(int position, double low, double high) =>
            low + (high - low) * source.Below(address, position, 1 << 16) / (1 << 16);

        // The part of a pixel that the shape covers.
        double Covered(int row, int column)
        {
            var points = 0;
            for (var i = 0; i < Samples * Samples; i++)
            {
                var x = (column + (i % Samples + 0.5) / Samples - centreX) / radius;
                var y = (row + (i / Samples + 0.5) / Samples - centreY) / radius;
                if (holds(cos * x + sin * y, cos * y - sin * x))
                    points++;
            }
            return points / (double)(Samples * Samples);
        }
    }
}
