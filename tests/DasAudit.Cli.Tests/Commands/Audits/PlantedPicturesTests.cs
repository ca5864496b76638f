using System.Text.Json;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Pictures;

namespace DasAudit.Cli.Tests.Commands.Audits;

/// <summary>Audits whose right answer is known, because it was planted, under the sample's own model.</summary>
public sealed class PlantedPicturesTests(PlantedPictures pictures) : IClassFixture<PlantedPictures>, IDisposable
{
    private readonly Tool _tool = SmallWorld.NewTool();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("das")]
    [InlineData("d-trak")]
    [InlineData("pva-mini")]
    public async Task Near_duplicates_of_the_audited_picture_have_the_largest_share_together(string method)
    {
        Assert.Equal(2, pictures.Copied.Count);
        foreach (var name in pictures.Copied)
        {
            var report = await AuditAsync(method, $"{name}.png");
            // What the three have in common is divided among them, so that another picture may come before each of
            // them.
            var largest = report.GetProperty("groups")[0];
            Assert.Equal(3, largest.GetProperty("items").GetInt32());
            Assert.StartsWith(name, largest.GetProperty("key").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("das")]
    [InlineData("das-v")]
    [InlineData("gradient-cosine")]
    public async Task A_canary_comes_first_for_a_picture_like_it(string method)
    {
        var report = await AuditAsync(method, PlantedPictures.Canary);
        var first = report.GetProperty("attributions")[0];
        Assert.Equal(PlantedPictures.Canary, first.GetProperty("item").GetString());
    }

    private async Task<JsonElement> AuditAsync(string method, string query)
    {
        var outcome = await _tool.RunAsync(
            "audit",
            Path.Combine(pictures.Queries, query),
            "--model",
            Path.Combine(PlantedPictures.Sample, "model"),
            "--dataset",
            pictures.Dataset,
            "--features",
            pictures.Features,
            "--candidates",
            "all",
            "--group-by",
            "cluster",
            "--method",
            method,
            "--compare",
            "none",
            "--timesteps",
            "4",
            "--replicates",
            "2",
            "--threads",
            "2",
            "--json",
            "--quiet"
        );
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return outcome.Json();
    }
}

/// <summary>A part of the sample, two of whose pictures stand there three times, and a canary.</summary>
public sealed class PlantedPictures : IDisposable
{
    public const string Canary = "canary.png";

    public static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "sample");

    private readonly TempFolder _folder = new();

    public PlantedPictures()
    {
        Directory.CreateDirectory(Dataset);
        Directory.CreateDirectory(Queries);
        // Every eighth picture: a third of the drawings, by all three rights holders.
        var drawings = Directory.GetFiles(Path.Combine(Sample, "dataset"), "*.png", SearchOption.AllDirectories);
        foreach (var path in drawings.Order(StringComparer.Ordinal).Where((_, i) => i % 8 == 0))
            File.Copy(path, At(Path.GetRelativePath(Path.Combine(Sample, "dataset"), path).Replace('/', '-')));

        var copied = Directory.GetFiles(Dataset).Order(StringComparer.Ordinal).Where((_, i) => i % 20 == 3).ToList();
        foreach (var path in copied)
        {
            var (name, picture) = (Path.GetFileNameWithoutExtension(path), PictureReader.Read(path).Picture);
            PictureWriter.WritePng(Changed(picture, 1), At($"{name}-copy1.png"));
            PictureWriter.WritePng(Changed(picture, 2), At($"{name}-copy2.png"));
            PictureWriter.WritePng(Changed(picture, 3), Path.Combine(Queries, $"{name}.png"));
        }

        Copied = [.. copied.Select(path => Path.GetFileNameWithoutExtension(path))];
        PictureWriter.WritePng(Chequered, At(Canary));
        PictureWriter.WritePng(Changed(Chequered, 1), Path.Combine(Queries, Canary));
    }

    public string Dataset => Path.Combine(_folder.Path, "pictures");

    /// <summary>Pictures like some of the dataset, under the same names.</summary>
    public string Queries => Path.Combine(_folder.Path, "queries");

    /// <summary>Where all audits keep the dataset's features.</summary>
    public string Features => Path.Combine(_folder.Path, "features");

    /// <summary>The names, without an ending, of the pictures that two near-copies stand beside.</summary>
    public IReadOnlyList<string> Copied { get; }

    // Unlike any of the sample's pictures.
    private static Picture Chequered { get; } =
        new(
            32,
            32,
            [
                .. Enumerable
                    .Range(0, 32 * 32 * 3)
                    .Select(i =>
                        (byte)((i / 3 % 32 / 4 + i / 96 / 4) % 2 == 0 ? 220 - 40 * (i % 3) : 30 + 60 * (i % 3))
                    ),
            ]
        );

    public void Dispose() => _folder.Dispose();

    private string At(string name) => Path.Combine(Dataset, name);

    // As another compression might have left it: no value is off by more than 3.
    private static Picture Changed(Picture picture, int seed)
    {
        var random = new Random(seed);
        return new(
            picture.Width,
            picture.Height,
            [.. picture.Rgb.Select(value => (byte)Math.Clamp(value + random.Next(-3, 4), 0, 255))]
        );
    }
}
