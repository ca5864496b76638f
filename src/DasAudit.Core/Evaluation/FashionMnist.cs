using System.Globalization;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Evaluation;

/// <summary>
/// Two classes of Fashion-MNIST (Xiao et al., 2017) as small pictures: 28×28 padded with black to 32×32, each 2×2
/// pixels averaged to one of 16×16. Debian has the files in its package <c>dataset-fashion-mnist</c>.
/// </summary>
public static class FashionMnist
{
    /// <summary>Where Debian's package puts the files.</summary>
    public const string DebianFolder = "/usr/share/datasets/fashion-mnist";

    private const int Stored = 28;
    private const int Border = 2;
    private const int Side = 16;

    /// <summary>
    /// Writes the first pictures of two classes as PNG, half of each; a folder that is there is left.
    /// </summary>
    /// <param name="source">The folder of the four files.</param>
    /// <param name="split"><c>train</c> or <c>t10k</c>.</param>
    /// <param name="classes">Two different ones, 0 … 9.</param>
    /// <param name="count">Of both classes together; even.</param>
    /// <param name="folder">Made whole or not at all.</param>
    /// <exception cref="AuditException">The files are missing or damaged.</exception>
    public static void Write(string source, string split, IReadOnlyList<int> classes, int count, string folder)
    {
        ArgumentNullException.ThrowIfNull(classes);
        if (Directory.Exists(folder))
            return;
        var images = Read(source, $"{split}-images-idx3-ubyte", rank: 3);
        var labels = Read(source, $"{split}-labels-idx1-ubyte", rank: 1);
        var beside = folder + ".unfinished";
        if (Directory.Exists(beside))
            Directory.Delete(beside, recursive: true);
        foreach (var label in classes)
        {
            var indices = Enumerable.Range(0, labels.Values.Length).Where(i => labels.Values[i] == label);
            foreach (var index in indices.Take(count / 2))
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"class-{label}-{index:00000}.png");
                PictureWriter.WritePng(Small(images.Values, index), Path.Combine(beside, name));
            }
        }
        Directory.Move(beside, folder);
    }

    private static IdxFile Read(string source, string name, int rank)
    {
        var path = Path.Combine(source, name);
        foreach (var file in (string[])[path, path + ".gz"])
            if (File.Exists(file))
                return IdxFile.Read(file, rank);
        throw new AuditException(
            $"'{path}' is missing; install Debian's package dataset-fashion-mnist, or give the folder of Fashion-MNIST "
                + $"with {Files.Settings.Name("fashion-mnist")}."
        );
    }

    private static Picture Small(byte[] images, int index)
    {
        var rgb = new byte[Side * Side * 3];
        for (var row = 0; row < Side; row++)
        for (var column = 0; column < Side; column++)
        {
            var sum = 0;
            for (var y = 2 * row - Border; y < 2 * row - Border + 2; y++)
            for (var x = 2 * column - Border; x < 2 * column - Border + 2; x++)
                if (y is >= 0 and < Stored && x is >= 0 and < Stored)
                    sum += images[(index * Stored + y) * Stored + x];
            rgb.AsSpan((row * Side + column) * 3, 3).Fill((byte)((sum + 2) / 4));
        }
        return new(Side, Side, rgb);
    }
}
