using System.Text.Json;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Pictures;

namespace DasAudit.Cli.Tests.Commands.Audits;

/// <summary>Pictures planted among those of the sample, whose right answer is known, under the sample's own model.</summary>
public sealed class PlantedPicturesTests : IDisposable
{
    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "sample");

    private readonly Tool _tool = SmallWorld.NewTool();
    private readonly TempFolder _folder = new();

    public PlantedPicturesTests()
    {
        // Every eighth picture: a third of the drawings, by all three rights holders.
        foreach (
            var path in Directory
                .GetFiles(Path.Combine(Sample, "dataset"), "*.png", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Where((_, i) => i % 8 == 0)
        )
            Copy(path, path[(Path.Combine(Sample, "dataset").Length + 1)..].Replace('/', '-'));
    }

    private string Dataset => Path.Combine(_folder.Path, "pictures");

    public void Dispose()
    {
        _tool.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("das")]
    [InlineData("d-trak")]
    [InlineData("pva-mini")]
    public async Task Near_duplicates_of_the_audited_picture_have_the_largest_share_together(string method)
    {
        var planted = Directory.GetFiles(Dataset).Order(StringComparer.Ordinal).Where((_, i) => i % 20 == 3).ToList();
        Assert.Equal(2, planted.Count);
        foreach (var path in planted)
        {
            for (var copy = 1; copy <= 2; copy++)
                Write(path, $"{Path.GetFileNameWithoutExtension(path)}-copy{copy}.png", copy);
            Write(path, $"../{Path.GetFileName(path)}", 3);
        }

        foreach (var path in planted)
        {
            var (name, report) = (
                Path.GetFileNameWithoutExtension(path),
                await AuditAsync(method, Path.GetFileName(path))
            );
            // What the three have in common is divided among them, so that another picture may come before each of them.
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
        // A chequered picture, unlike any of the others.
        var canary = new Picture(
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
        PictureWriter.WritePng(canary, Path.Combine(Dataset, "canary.png"));
        PictureWriter.WritePng(Changed(canary, 1), Path.Combine(_folder.Path, "query.png"));
        Assert.Equal("canary.png", First(await AuditAsync(method, "query.png")));
    }

    private static string First(JsonElement report) =>
        report.GetProperty("attributions")[0].GetProperty("item").GetString()!;

    private async Task<JsonElement> AuditAsync(string method, string query)
    {
        var outcome = await _tool.RunAsync(
            "audit",
            Path.Combine(_folder.Path, query),
            "--model",
            Path.Combine(Sample, "model"),
            "--dataset",
            Dataset,
            "--candidates",
            "all",
            "--group-by",
            "cluster",
            "--method",
            method,
            "--timesteps",
            "4",
            "--replicates",
            "2",
            "--threads",
            "2",
            "--store",
            Path.Combine(_folder.Path, "audits.db"),
            "--json",
            "--quiet"
        );
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return outcome.Json();
    }

    private void Copy(string from, string name)
    {
        var to = Path.Combine(Dataset, name);
        Directory.CreateDirectory(Dataset);
        File.Copy(from, to);
    }

    private void Write(string from, string name, int seed) =>
        PictureWriter.WritePng(Changed(PictureReader.Read(from).Picture, seed), Path.Combine(Dataset, name));

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
