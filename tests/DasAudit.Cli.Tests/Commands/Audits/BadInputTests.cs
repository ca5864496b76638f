using System.Text.Json;
using System.Text.Json.Nodes;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Evidence.Store;
using DasAudit.Safetensors;

namespace DasAudit.Cli.Tests.Commands.Audits;

/// <summary>
/// What an audit refuses: one sentence, the exit code, nothing on standard output, and the store as it was.
/// </summary>
[Collection(nameof(SmallWorldTests))]
public sealed class BadInputTests : IDisposable
{
    private readonly Tool _tool = SmallWorld.NewTool();
    private readonly SmallWorld _world;
    private string _query;
    private string _model;
    private string _dataset;
    private string[] _further = [];

    public BadInputTests(SmallWorld world) =>
        (_world, _query, _model, _dataset) = (world, world.Query, world.Model, world.Dataset);

    public void Dispose() => _tool.Dispose();

    private string Store => Path.Combine(_tool.WorkingDirectory, ".das-audit", "audits.db");

    [Fact]
    public async Task A_query_that_is_no_picture()
    {
        _tool.Write("cat.txt", "a cat");
        _query = "cat.txt";
        await AssertRefusedAsync("'cat.txt' is no PNG, JPEG, WebP, GIF, BMP or TIFF picture; give a picture file.");
    }

    [Fact]
    public async Task A_query_that_is_not_there()
    {
        _query = "cat.png";
        await AssertRefusedAsync("'cat.png' is not there; give a picture file.");
    }

    [Fact]
    public async Task Queries_that_are_all_broken()
    {
        _tool.Write("cat.txt", "a cat");
        _query = "cat.txt";
        _further = ["dog.png"];
        await AssertRefusedAsync("None of the 2 pictures can be audited. The first: 'cat.txt' is no PNG");
    }

    [Fact]
    public async Task A_misspelt_option_is_not_taken_for_a_picture()
    {
        _further = ["--candidate", "all"];
        await AssertUnchangedAsync(64, "There is no option '--candidate' here; for a file of that name write './");
    }

    [Theory]
    [InlineData("1,2,3", 64, "'1,2,3' is no region; write X,Y,WIDTH,HEIGHT in whole pixels of the picture")]
    [InlineData("999,0,8,8", 1, "The region 999,0,8,8 does not lie within '")]
    [InlineData("mask.png", 1, "'mask.png' is not there; give a picture file.")]
    public async Task A_region_that_is_none(string region, int code, string sentence)
    {
        _further = ["--region", region];
        await AssertUnchangedAsync(code, sentence);
    }

    [Fact]
    public async Task A_region_of_no_picture_is_not_planned()
    {
        string[] plan = ["plan", "--model", _model, "--dataset", _dataset, "--region", "0,0,1,1"];
        var outcome = await _tool.RunAsync(plan);
        Assert.Equal(64, outcome.ExitCode);
        Assert.Contains("--region is a part of a picture to audit; give the picture", outcome.Error);
    }

    [Fact]
    public async Task A_model_that_is_not_there()
    {
        _model = "nowhere";
        await AssertRefusedAsync("There is no model at 'nowhere'; give the folder of a checkpoint.");
    }

    [Fact]
    public async Task A_model_without_configuration()
    {
        File.Delete(Path.Combine(CopyModel(), "unet", "config.json"));
        await AssertRefusedAsync("config.json");
    }

    [Fact]
    public async Task Weights_of_the_wrong_shape()
    {
        Configure(config => config["block_out_channels"] = new JsonArray(16, 16));
        await AssertRefusedAsync("diffusion_pytorch_model.safetensors", "shape");
    }

    [Fact]
    public async Task Weights_that_lack_a_tensor()
    {
        RewriteWeights((name, tensor) => name != "conv_out.bias");
        await AssertRefusedAsync("diffusion_pytorch_model.safetensors' lacks the tensor 'conv_out.bias'");
    }

    [Fact]
    public async Task A_block_type_that_nobody_knows()
    {
        Configure(config => config["down_block_types"] = new JsonArray("DownBlock2D", "MagicBlock2D"));
        await AssertRefusedAsync(
            "config.json' asks in down_block_types for the block type 'MagicBlock2D', which is not supported"
        );
    }

    [Fact]
    public async Task Weights_that_are_no_numbers()
    {
        RewriteWeights(
            (name, tensor) =>
            {
                if (name == "conv_in.weight")
                    tensor.fill_(float.NaN);
                return true;
            }
        );
        await AssertRefusedAsync("values that are not finite (NaN or infinity) in the tensor 'conv_in.weight'");
    }

    [Fact]
    public async Task A_dataset_that_is_empty()
    {
        _dataset = Path.Combine(_tool.WorkingDirectory, "empty");
        Directory.CreateDirectory(_dataset);
        await AssertRefusedAsync($"'{_dataset}'");
    }

    [Fact]
    public async Task A_dataset_that_is_not_there()
    {
        _dataset = "nowhere";
        await AssertRefusedAsync("das-audit: The dataset folder 'nowhere' does not exist; check the path.");
    }

    [Theory]
    [InlineData("gone.png", "names 'gone.png', which is not there; add the picture or remove the line.")]
    [InlineData("../query.png", "which lies outside the dataset folder; name only pictures within it.")]
    [InlineData("/etc/hostname", "which lies outside the dataset folder; name only pictures within it.")]
    public async Task Metadata_that_names_what_the_dataset_does_not_hold(string file, string sentence)
    {
        _dataset = SmallWorld.Copy(_world.Dataset, Path.Combine(_tool.WorkingDirectory, "dataset"));
        await File.AppendAllTextAsync(
            Path.Combine(_dataset, "metadata.jsonl"),
            JsonSerializer.Serialize(new { file_name = file }) + "\n",
            TestContext.Current.CancellationToken
        );
        await AssertRefusedAsync("metadata.jsonl, line 6, ", sentence);
    }

    [Fact]
    public async Task A_broken_picture_in_a_dataset_that_is_read_strictly()
    {
        _dataset = SmallWorld.Copy(_world.Dataset, Path.Combine(_tool.WorkingDirectory, "dataset"));
        await File.WriteAllTextAsync(Path.Combine(_dataset, "p9.png"), "junk", TestContext.Current.CancellationToken);
        _further = ["--strict"];
        await AssertRefusedAsync("'p9.png'");
    }

    [Fact]
    public async Task A_dataset_without_pictures_is_called_as_it_was_written()
    {
        Directory.CreateDirectory(Path.Combine(_tool.WorkingDirectory, "empty"));
        _dataset = "empty";
        await AssertRefusedAsync("das-audit: 'empty' holds no PNG, JPEG, WebP, GIF, BMP or TIFF picture;");
    }

    [Theory]
    [InlineData("--decoys")]
    [InlineData("--null-queries")]
    public async Task Pictures_to_compare_with_are_called_as_they_were_written(string option)
    {
        _further = [option, "nowhere"];
        await AssertRefusedAsync("das-audit: The dataset folder 'nowhere' does not exist; check the path.");
    }

    [Fact]
    public async Task A_split_of_decoys_that_the_dataset_does_not_know()
    {
        _further = ["--decoys", "split:test"];
        await AssertRefusedAsync(
            "belongs to the split 'test', because neither its metadata nor its folders name splits; leave the "
                + "split out, or add the column split."
        );
    }

    [Fact]
    public async Task Fewer_candidates_than_pictures_without_an_encoder()
    {
        _further = ["--candidates", "2"];
        await AssertRefusedAsync(
            "Without an image encoder nothing tells which 2 of the 6 training pictures to look at; give "
                + "--encoder DIR or --candidates all."
        );
    }

    [Fact]
    public async Task An_encoder_that_is_no_ONNX_file()
    {
        _tool.Write("encoder/model.onnx", "junk");
        _further = ["--encoder", "encoder"];
        await AssertRefusedAsync("model.onnx' is no ONNX model that can be run");
    }

    [Fact]
    public async Task An_encoder_folder_without_an_ONNX_file()
    {
        _tool.Write("encoder/readme.txt", "nothing here");
        _further = ["--encoder", "encoder"];
        await AssertRefusedAsync("encoder' holds no .onnx file");
    }

    [Fact]
    public async Task An_encoder_beside_which_nothing_says_how_to_prepare_pictures()
    {
        var sample = Path.Combine(AppContext.BaseDirectory, "sample", "encoder", "vision_model.onnx");
        var readme = _tool.Write("encoder/readme.txt", "nothing of it here");
        File.Copy(sample, Path.Combine(Path.GetDirectoryName(readme)!, "model.onnx"));
        _further = ["--encoder", "encoder"];
        await AssertRefusedAsync("or say it with --preprocess clip|siglip|imagenet|dinov2|none or a file.");
    }

    [Fact]
    public async Task A_way_of_preparing_pictures_that_is_no_file()
    {
        _further = ["--encoder", Path.Combine(AppContext.BaseDirectory, "sample", "encoder"), "--preprocess", "clipp"];
        await AssertRefusedAsync("'--preprocess clipp' names no file that is there");
    }

    [Fact]
    public async Task A_way_of_preparing_pictures_without_an_encoder()
    {
        _further = ["--preprocess", "clip"];
        await AssertRefusedAsync("There is no image encoder to prepare pictures for; give --encoder too");
    }

    [Fact]
    public async Task An_owner_whom_the_dataset_does_not_know()
    {
        _further = ["--include-owner", "Anna"];
        await AssertRefusedAsync(
            "No training picture belongs to 'Anna'; name one of the dataset's rights holders, such as 'Ann'."
        );
    }

    [Fact]
    public async Task A_pattern_that_no_parameter_matches()
    {
        _further = ["--parameters", "nonsense"];
        await AssertRefusedAsync("--parameters 'nonsense' selects none of the model's parameters");
    }

    [Fact]
    public async Task An_adapter_that_is_not_installed()
    {
        _further = ["--adapter", "magic"];
        await AssertRefusedAsync("There is no adapter 'magic': asked diffusers");
    }

    [Fact]
    public async Task A_plugin_that_throws_where_no_other_knows_the_model()
    {
        var plugins = Path.Combine(_tool.ToolDirectory, "plugins");
        Directory.Delete(plugins, recursive: true);
        MoodyPlugin.Install(plugins, mood: "throws");
        await AssertRefusedAsync("Moody.dll' fails to l");
    }

    [Fact]
    public async Task A_store_that_is_damaged()
    {
        using (var store = ReportStore.Open(Store, StoreAccess.ReadWrite))
            store.Add(new(ShownReport.Make(), new Dictionary<string, byte[]>()));
        var bytes = await File.ReadAllBytesAsync(Store, TestContext.Current.CancellationToken);
        bytes.AsSpan(bytes.Length / 2).Clear();
        await File.WriteAllBytesAsync(Store, bytes, TestContext.Current.CancellationToken);
        await AssertUnchangedAsync(1, "audits.db", "damaged");
    }

    [Fact]
    public async Task A_store_that_is_another_program_s_file()
    {
        _tool.Write(".das-audit/audits.db", "Dear diary");
        await AssertUnchangedAsync(1, "audits.db");
    }

    [Fact]
    public async Task A_store_that_cannot_be_made()
    {
        _tool.Write("note.txt", "a file, no folder");
        _further = ["--store", "note.txt/audits.db"];
        await AssertUnchangedAsync(1, "The evidence store 'note.txt/audits.db' cannot be made (", "give --store FILE");
    }

    [Theory]
    [InlineData("--damping", "df:2", "--damping")]
    [InlineData("--damping", "ridge", "--damping")]
    [InlineData("--projection", "sjlt:0", "--projection")]
    [InlineData("--projection", "gauss:64", "--projection")]
    [InlineData("--group-by", "colour", "--group-by")]
    [InlineData("--candidates", "0", "--candidates")]
    [InlineData("--candidates", "many", "--candidates")]
    [InlineData("--residual", "odd", "--residual")]
    [InlineData("--method", "magic", "--method")]
    [InlineData("--replicates", "0", "--replicates")]
    public async Task A_value_that_an_option_does_not_take_is_wrong_usage(string option, string value, string named)
    {
        _further = [option, value];
        await AssertUnchangedAsync(64, named, value);
    }

    private string CopyModel() => _model = SmallWorld.Copy(_world.Model, Path.Combine(_tool.WorkingDirectory, "model"));

    private void Configure(Action<JsonObject> change)
    {
        var path = Path.Combine(CopyModel(), "unet", "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(config);
        File.WriteAllText(path, config.ToJsonString());
    }

    private void RewriteWeights(Func<string, TorchSharp.torch.Tensor, bool> keep)
    {
        var path = SmallWorld.Weights(CopyModel());
        using var scope = TorchSharp.torch.NewDisposeScope();
        var kept = new List<(string, TorchSharp.torch.Tensor)>();
        using (var file = SafetensorsFile.Open(path))
        {
            foreach (var name in file.Names)
            {
                var tensor = file.Read(name);
                if (keep(name, tensor))
                    kept.Add((name, tensor));
            }
        }
        SafetensorsWriter.Write(path, kept);
    }

    /// <summary>
    /// Refused where there is no store, which stays so, and where there is one, which stays as it is.
    /// </summary>
    private async Task AssertRefusedAsync(params string[] parts)
    {
        await AssertUnchangedAsync(1, parts);
        Assert.False(File.Exists(Store));
        using (var store = ReportStore.Open(Store, StoreAccess.ReadWrite))
            store.Add(new(ShownReport.Make(), new Dictionary<string, byte[]>()));
        await AssertUnchangedAsync(1, parts);
    }

    private async Task AssertUnchangedAsync(int exitCode, params string[] parts)
    {
        var before = Stored();
        var quick = SmallWorld.Quick.ToList();
        foreach (var option in _further.Where(quick.Contains))
            quick.RemoveRange(quick.IndexOf(option), 2);
        var outcome = await _tool.RunAsync([
            "audit",
            _query,
            "--model",
            _model,
            "--dataset",
            _dataset,
            "--json",
            .. quick,
            .. _further,
        ]);
        Assert.Empty(outcome.Out);
        Assert.All(parts, part => Assert.Contains(part, outcome.Error, StringComparison.Ordinal));
        Assert.Equal(exitCode, outcome.ExitCode);
        var lines = outcome.Error.TrimEnd('\n').Split('\n');
        Assert.StartsWith("das-audit: ", lines[0], StringComparison.Ordinal);
        Assert.Matches("[.?]$", lines[0]);
        if (exitCode == 64)
            Assert.Equal(["Run 'dotnet das-audit audit --help' for help."], lines[1..]);
        else
            Assert.Single(lines);
        Assert.Equal(before, Stored());
    }

    // Hashes of the dataset may stay.
    private Dictionary<string, string> Stored() =>
        SmallWorld
            .Contents(Path.GetDirectoryName(Store)!)
            .Where(file => !file.Key.StartsWith("indexes/", StringComparison.Ordinal))
            .ToDictionary();
}
