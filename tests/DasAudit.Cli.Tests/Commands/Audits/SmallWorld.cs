using System.Text.Json;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Pictures;

namespace DasAudit.Cli.Tests.Commands.Audits;

/// <summary>
/// Six pictures of 8×8 by two rights holders, a model of one attention-free U-Net trained on them for two steps, and
/// two pictures to audit.
/// </summary>
public sealed class SmallWorld : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    internal static IReadOnlyList<string> Quick { get; } =
    [
        "--candidates",
        "all",
        "--timesteps",
        "2",
        "--replicates",
        "2",
        "--projection",
        "sjlt:64",
        "--threads",
        "2",
        "--quiet",
    ];

    /// <summary>A checkpoint without weights.</summary>
    internal string Config => Path.Combine(_folder.Path, "config");

    internal string Dataset => Path.Combine(_folder.Path, "pictures");

    internal string Model => Path.Combine(_folder.Path, "model");

    internal string Query => Path.Combine(_folder.Path, "query.png");

    internal string OtherQuery => Path.Combine(_folder.Path, "other.png");

    /// <summary>The weights within a checkpoint.</summary>
    internal static string Weights(string model) => Path.Combine(model, "unet", "diffusion_pytorch_model.safetensors");

    /// <summary>A quick audit as JSON; what is given again replaces what makes it quick.</summary>
    internal string[] AuditArguments(string[] images, string[] further)
    {
        var quick = Quick.ToList();
        var replaced = further.Where(word => word.StartsWith("--", StringComparison.Ordinal) && quick.Contains(word));
        foreach (var option in replaced.ToList())
            quick.RemoveRange(quick.IndexOf(option), 2);
        return ["audit", .. images, "--model", Model, "--dataset", Dataset, "--json", .. quick, .. further];
    }

    /// <summary>A tool whose only adapter is the one that comes with it.</summary>
    internal static Tool NewTool()
    {
        var tool = new Tool();
        const string adapter = "DasAudit.Adapters.Diffusers";
        Copy(
            Path.Combine(AppContext.BaseDirectory, "plugins", adapter),
            Path.Combine(tool.ToolDirectory, "plugins", adapter)
        );
        return tool;
    }

    /// <summary>Copies a folder with everything in it.</summary>
    internal static string Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return to;
    }

    /// <summary>Every file of a folder with its bytes, as text that can be compared.</summary>
    internal static IReadOnlyDictionary<string, string> Contents(string folder) =>
        Directory.Exists(folder)
            ? Directory
                .GetFiles(folder, "*", SearchOption.AllDirectories)
                .ToDictionary(
                    path => Path.GetRelativePath(folder, path),
                    path => Convert.ToHexString(File.ReadAllBytes(path))
                )
            : new Dictionary<string, string>();

    internal static void WritePicture(string path, int seed) =>
        PictureWriter.WritePng(
            new(
                8,
                8,
                [
                    .. Enumerable
                        .Range(0, 8 * 8 * 3)
                        .Select(i =>
                            (byte)(seed * 37 + i % 3 * 60 + i / 3 % 8 * (seed % 5 + 3) + i / 24 * (seed % 3 + 2))
                        ),
                ]
            ),
            path
        );

    public async ValueTask InitializeAsync()
    {
        DdpmConfiguration.Write(
            Config,
            new
            {
                _class_name = "UNet2DModel",
                sample_size = 8,
                in_channels = 3,
                out_channels = 3,
                layers_per_block = 1,
                block_out_channels = new[] { 8, 8 },
                norm_num_groups = 4,
                down_block_types = new[] { "DownBlock2D", "DownBlock2D" },
                up_block_types = new[] { "UpBlock2D", "UpBlock2D" },
            }
        );
        for (var i = 0; i < 6; i++)
            WritePicture(Path.Combine(Dataset, $"p{i}.png"), i + 1);
        File.WriteAllLines(
            Path.Combine(Dataset, "metadata.jsonl"),
            Enumerable
                .Range(0, 5)
                .Select(i =>
                    JsonSerializer.Serialize(
                        new
                        {
                            file_name = $"p{i}.png",
                            title = $"picture {i}",
                            license = "CC0-1.0",
                            rights_holder = i < 3 ? "Ann" : "Bob",
                        }
                    )
                )
        );
        WritePicture(Query, 20);
        WritePicture(OtherQuery, 31);

        using var tool = NewTool();
        var outcome = await tool.RunAsync(
            "train",
            "--model",
            Config,
            "--dataset",
            Dataset,
            "--output",
            Model,
            "--steps",
            "2",
            "--batch-size",
            "4",
            "--threads",
            "2",
            "--quiet"
        );
        Assert.Equal(new Outcome(0, "", ""), outcome);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Tests that share one <see cref="SmallWorld"/>, and so run one after the other.</summary>
[CollectionDefinition(nameof(SmallWorldTests))]
public sealed class SmallWorldTests : ICollectionFixture<SmallWorld>;
