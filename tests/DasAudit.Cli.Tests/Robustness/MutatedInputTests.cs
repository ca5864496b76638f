using System.Text;
using System.Text.RegularExpressions;
using DasAudit.Cli.Tests.Commands.Audits;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Tests.Robustness;

/// <summary>
/// Damaged files of every kind that the tool reads: it ends, with a right exit code and one sentence, and without
/// asking for memory that only the damage asks for.
/// </summary>
[Collection(nameof(SmallWorldTests))]
public sealed partial class MutatedInputTests(SmallWorld world) : IDisposable
{
    private const long AllocationBudget = 512L << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] OneStep = ["--sampling-steps", "1", "--threads", "1"];

    private readonly Tool _tool = SmallWorld.NewTool();

    public static TheoryData<string> Pictures =>
        [
            "rgb.png",
            "palette-alpha.png",
            "progressive.jpg",
            "exif-6.jpg",
            "lossy.webp",
            "animated.webp",
            "animated.gif",
            "palette.bmp",
            "rgb-tiles.tif",
            "jpeg-ycbcr.tif",
            "line-g4.tif",
        ];

    public static TheoryData<string> Packs =>
        ["arrow-zstd.parquet", "duckdb-snappy.parquet", "folder.tar", "webdataset.tar", "folder.zip"];

    [Theory]
    [MemberData(nameof(Pictures))]
    public Task A_picture(string name) =>
        AssertAnsweredAsync($"pictures/{name}", Foreign(name), "dataset", "check", "pictures");

    [Fact]
    public Task What_a_picture_says_of_its_use()
    {
        var store = ManifestStores.Store("cawg.training-mining", ("cawg.data_mining", "constrained", "ask Ann"));
        var jpeg = MarkedPictures.Jpeg(1, ManifestStores.Segments(store));
        return AssertAnsweredAsync("pictures/marked.jpg", jpeg, "dataset", "check", "pictures");
    }

    [Theory]
    [MemberData(nameof(Packs))]
    public Task A_packed_dataset(string name) => AssertAnsweredAsync(name, Foreign(name), "dataset", "check", name);

    [Theory]
    [InlineData("metadata.csv", "file_name,license,rights_holder,split\nsound.png,MIT,\"Ann, \"\"A\"\"\",train\n")]
    [InlineData("metadata.jsonl", """{"file_name": "sound.png", "license": "MIT", "width": 6, "tags": ["a", 1]}""")]
    public Task Metadata(string name, string text) =>
        AssertAnsweredAsync($"pictures/{name}", Encoding.UTF8.GetBytes(text), "dataset", "check", "pictures");

    [Fact]
    public Task An_IDX_file()
    {
        byte[] pictures = [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 6, 0, 0, 0, 6, .. new byte[4 * 6 * 6]];
        Write("idx/train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 2, 3]);
        return AssertAnsweredAsync("idx/train-images-idx3-ubyte", pictures, "dataset", "check", "idx");
    }

    [Theory]
    [InlineData("model_index.json")]
    [InlineData("unet/config.json")]
    [InlineData("scheduler/scheduler_config.json")]
    [InlineData("unet/diffusion_pytorch_model.safetensors")]
    public Task A_model(string name)
    {
        SmallWorld.Copy(world.Model, At("model"));
        var sound = File.ReadAllBytes(At($"model/{name}"));
        return AssertAnsweredAsync(
            $"model/{name}",
            sound,
            ["generate", "--model", "model", "--output", "generated", .. OneStep]
        );
    }

    [Fact]
    public async Task A_LoRA()
    {
        var model = GoldenFiles.PathOf("sd-lora-tiny");
        string[] train = ["train", "--model", model, "--dataset", world.Dataset, "--output", "lora"];
        await AssertDoneAsync([.. train, "--lora-rank", "2", "--steps", "1", "--threads", "1"]);
        const string weights = "lora/pytorch_lora_weights.safetensors";
        var sound = await File.ReadAllBytesAsync(At(weights), TestContext.Current.CancellationToken);

        string[] words = ["generate", "--model", model, "--lora", "lora", "--output", "generated", .. OneStep];
        await AssertAnsweredAsync(weights, sound, words);
    }

    [Fact]
    public Task A_query()
    {
        var sound = File.ReadAllBytes(world.Query);
        string[] words = ["audit", "query.png", "--model", world.Model, "--dataset", world.Dataset, "--threads", "1"];
        return AssertAnsweredAsync("query.png", sound, [.. words, "--method", "pixel"]);
    }

    [Theory]
    [InlineData("bundle.dasaudit.zip")]
    [InlineData("proof.json")]
    public async Task Evidence(string name)
    {
        using (var store = ReportStore.Open(At(".das-audit/audits.db"), StoreAccess.ReadWrite))
            store.Add(SampleReport.Create());
        await AssertDoneAsync("reports", "bundle", SampleReport.Id(0), "--output", "bundle.dasaudit.zip");
        var item = SampleReport.Create().Report.Attributions[0].Item;
        await AssertDoneAsync("reports", "prove", "bundle.dasaudit.zip", "--item", item, "--output", "proof.json");

        var sound = await File.ReadAllBytesAsync(At(name), TestContext.Current.CancellationToken);
        await AssertAnsweredAsync(name, sound, "reports", "verify", name);
    }

    [Theory]
    [InlineData("das-audit.json", """{"quiet": true, "threads": 1, "audit": {"timesteps": 5, "method": "das"}}""")]
    public Task Configuration(string name, string text) =>
        AssertAnsweredAsync(name, Encoding.UTF8.GetBytes(text), "methods", "list");

    [Fact]
    public async Task A_policy()
    {
        using (var store = ReportStore.Open(At(".das-audit/audits.db"), StoreAccess.ReadWrite))
            store.Add(SampleReport.Create());
        await _tool.RunAsync("policy", "new");
        var sound = await File.ReadAllBytesAsync(At("das-audit.policy.json"), TestContext.Current.CancellationToken);

        await AssertAnsweredAsync("das-audit.policy.json", sound, "policy", "check", SampleReport.Id(0));
    }

    public void Dispose() => _tool.Dispose();

    private static byte[] Foreign(string name) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Robustness", "Files", name));

    private string At(string name) => Path.Combine(_tool.WorkingDirectory, name);

    private void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), bytes);
    }

    private async Task AssertDoneAsync(params string[] words)
    {
        var outcome = await _tool.RunAsync(words);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
    }

    private async Task AssertAnsweredAsync(string file, byte[] sound, params string[] words)
    {
        Write("pictures/sound.png", TestPictures.Png());
        Write(file, sound);
        var faults = new List<string>();
        Add(null, await FaultAsync(words));

        for (var seed = 0; seed < Mutation.Count; seed++)
        {
            Write(file, Mutation.Of(sound, seed));
            Add(seed, await FaultAsync(words));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));

        void Add(int? seed, string? fault)
        {
            if (fault is not null)
                faults.Add($"{file}, {(seed is null ? "sound" : $"seed {seed}")}: {fault}");
        }
    }

    // What is wrong with the answer; null where nothing is.
    private async Task<string?> FaultAsync(string[] words)
    {
        var before = GC.GetTotalAllocatedBytes();
        var running = Task.Run(() => _tool.RunAsync(words));
        var ended = await Task.WhenAny(running, Task.Delay(Patience, TestContext.Current.CancellationToken));
        if (ended != running)
            return $"no answer within {Patience.TotalSeconds} s.";

        var outcome = await running;
        var allocated = GC.GetTotalAllocatedBytes() - before;
        if (allocated > AllocationBudget)
            return $"{allocated} bytes were allocated.";
        if (outcome.Error.Contains("this is a bug", StringComparison.Ordinal))
            return outcome.Error;
        return outcome.ExitCode switch
        {
            0 or 2 or 3 => null,
            1 or 64 when Sentence().IsMatch(outcome.Error) => null,
            _ => $"exit code {outcome.ExitCode}: {outcome.Error}",
        };
    }

    [GeneratedRegex(@"^das-audit: [^\r\n]+(\n[^\r\n]+)*\.\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Sentence();
}
