using System.Text.Json;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Audits;

/// <summary>What the doctor takes paths for.</summary>
[Collection(nameof(SmallWorldTests))]
public sealed class DoctorPathsTests(SmallWorld world) : IDisposable
{
    private static readonly string Encoder = Path.Combine(AppContext.BaseDirectory, "sample", "encoder");

    private readonly Tool _tool = SmallWorld.NewTool();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task A_model_an_encoder_and_a_dataset_are_told_apart()
    {
        var outcome = await _tool.RunAsync("doctor", world.Model, Encoder, world.Dataset, "--json");
        var items = outcome.Json().GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(["model", "encoder", "dataset"], [Kind(world.Model), Kind(Encoder), Kind(world.Dataset)]);
        Assert.Equal("epsilon", Detail(world.Model, "predicts"));
        Assert.Contains("scheduler/scheduler_config.json", Detail(world.Model, "schedule"), StringComparison.Ordinal);
        Assert.Contains("preprocessor_config.json", Detail(Encoder, "preprocessing"), StringComparison.Ordinal);
        Assert.Contains("6 pictures", Detail(world.Dataset, "dataset"), StringComparison.Ordinal);
        Assert.Contains("Ann 3", Detail(world.Dataset, "rights holders"), StringComparison.Ordinal);

        string? Kind(string path) => items.First(item => Is(item, path)).GetProperty("name").GetString();

        string Detail(string path, string name) =>
            items
                .Single(item => Is(item, path) && item.GetProperty("name").GetString() == name)
                .GetProperty("detail")
                .GetString()!;
    }

    [Fact]
    public async Task What_a_checkpoint_does_not_state_is_a_warning_and_no_failure()
    {
        var unet = SmallWorld.Copy(Path.Combine(world.Model, "unet"), Path.Combine(_tool.WorkingDirectory, "bare"));
        var outcome = await _tool.RunAsync("doctor", unet, "--json");
        Assert.Equal(0, outcome.ExitCode);
        var notes = outcome
            .Json()
            .GetProperty("items")
            .EnumerateArray()
            .Where(item => item.GetProperty("name").GetString() == "note");
        var note = Assert.Single(notes);
        Assert.Equal("warn", note.GetProperty("status").GetString());
        Assert.Contains("--schedule", note.GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    private static bool Is(JsonElement item, string path) => item.GetProperty("path").GetString() == path;
}
