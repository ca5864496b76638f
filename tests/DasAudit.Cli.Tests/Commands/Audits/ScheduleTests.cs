using System.Text.Json;
using System.Text.Json.Nodes;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Audits;

/// <summary>The noise schedule that an audit rests on: stated, asked for or assumed, the report says which.</summary>
[Collection(nameof(SmallWorldTests))]
public sealed class ScheduleTests(SmallWorld world) : IDisposable
{
    private const string Assumed =
        "No file beside the model states its noise schedule, so the defaults of diffusers' DDPMScheduler were assumed: "
        + "betas linear from 0.0001 to 0.02, 1000 timesteps, prediction type epsilon. If it was trained with another "
        + "schedule, the scores mislead; say with --schedule which it was.";

    private readonly Tool _tool = SmallWorld.NewTool();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task A_stated_schedule_is_named_with_its_file()
    {
        SmallWorld.Copy(world.Model, Path.Combine(_tool.WorkingDirectory, "model"));

        var model = Model(await AuditAsync("model"));

        Assert.Equal("linear from 0.0001 to 0.02, 1000 timesteps", model.GetProperty("schedule").GetString());
        Assert.Equal("epsilon", model.GetProperty("predictionType").GetString());
        Assert.Equal("model/scheduler/scheduler_config.json", model.GetProperty("scheduleSource").GetString());
    }

    [Fact]
    public async Task An_assumed_schedule_is_told_at_once_and_in_the_report()
    {
        SmallWorld.Copy(Path.Combine(world.Model, "unet"), Path.Combine(_tool.WorkingDirectory, "unet"));

        var outcome = await AuditAsync("unet");

        Assert.Equal("assumed", Model(outcome).GetProperty("scheduleSource").GetString());
        Assert.Contains(
            Assumed,
            outcome.Json().GetProperty("limits").EnumerateArray().Select(limit => limit.GetString())
        );
        var told = await _tool.RunAsync([.. Arguments("unet").Where(argument => argument != "--quiet")]);
        Assert.Contains($"das-audit: {Assumed}", Unwrapped(told.Error), StringComparison.Ordinal);
        Assert.Contains("predicts epsilon, assumed", Unwrapped(told.Out), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schedule_that_is_asked_for_changes_hash_and_scores_and_is_named()
    {
        var stated = await AuditAsync(world.Model);
        var named = await AuditAsync(world.Model, "--schedule", "ddpm-cosine:sample");
        File.Copy(
            Path.Combine(world.Model, "scheduler", "scheduler_config.json"),
            Path.Combine(_tool.WorkingDirectory, "mine.json")
        );
        var file = await AuditAsync(Path.Combine(world.Model, "unet"), "--schedule", "mine.json");

        Assert.Equal("squaredcos_cap_v2, 1000 timesteps", Model(named).GetProperty("schedule").GetString());
        Assert.Equal("sample", Model(named).GetProperty("predictionType").GetString());
        Assert.Equal("--schedule ddpm-cosine:sample", Model(named).GetProperty("scheduleSource").GetString());
        Assert.NotEqual(Hash(stated), Hash(named));
        Assert.NotEqual(Scores(stated), Scores(named));
        Assert.Equal("--schedule mine.json", Model(file).GetProperty("scheduleSource").GetString());
        Assert.Equal(Scores(stated), Scores(file));
        Assert.Contains(
            named.Json().GetProperty("limits").EnumerateArray(),
            limit => limit.GetString()!.StartsWith("The noise schedule of --schedule (", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_schedule_that_does_not_exist_is_refused()
    {
        var outcome = await _tool.RunAsync([.. Arguments(world.Model), "--schedule", "cosine"]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(
            "das-audit: There is no schedule 'cosine' for --schedule; give a scheduler_config.json, a folder with one, "
                + "or one of ddpm-linear, ddpm-scaled-linear, ddpm-cosine, sd-scaled-linear.\n",
            outcome.Error
        );
    }

    [Fact]
    public async Task The_check_of_an_adapter_says_what_was_recognised()
    {
        SmallWorld.Copy(world.Model, Path.Combine(_tool.WorkingDirectory, "model"));

        var outcome = await _tool.RunAsync(
            "adapters",
            "check",
            "model/unet",
            "--schedule",
            "ddpm-cosine",
            "--json",
            "--quiet"
        );

        var loads = outcome.Json().GetProperty("checks")[0].GetProperty("detail").GetString();
        Assert.StartsWith("UNet2DModel, ", loads, StringComparison.Ordinal);
        Assert.Contains(
            "; predicts epsilon; schedule squaredcos_cap_v2, 1000 timesteps (--schedule ddpm-cosine); "
                + "files config.json, diffusion_pytorch_model.safetensors; The noise schedule of --schedule (",
            loads,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_no_adapter_loads_is_named()
    {
        _tool.Write(
            "sd3/model_index.json",
            """{"_class_name": "StableDiffusion3Pipeline", "transformer": ["diffusers", "SD3Transformer2DModel"]}"""
        );

        var outcome = await _tool.RunAsync([.. Arguments("sd3")]);

        Assert.Equal(
            "das-audit: No adapter recognises the model 'sd3', which is a StableDiffusion3Pipeline "
                + "(transformer): asked diffusers; give another model or a further plugin with --plugins.\n",
            outcome.Error
        );
    }

    [Fact]
    public async Task What_a_scheduler_would_do_besides_is_told_where_pictures_are_generated_and_nowhere_else()
    {
        const string Note = "scheduler_config.json asks for thresholding, which was not done";
        var model = SmallWorld.Copy(world.Model, Path.Combine(_tool.WorkingDirectory, "model"));
        var file = Path.Combine(model, "scheduler", "scheduler_config.json");
        var json = JsonNode.Parse(File.ReadAllText(file))!;
        json["thresholding"] = true;
        File.WriteAllText(file, json.ToJsonString());

        var generated = await _tool.RunAsync(
            "generate",
            "--model",
            "model",
            "--output",
            "out",
            "--sampling-steps",
            "2"
        );
        var audited = await AuditAsync("model");

        Assert.Contains(Note, Unwrapped(generated.Error), StringComparison.Ordinal);
        Assert.DoesNotContain(Note, audited.Out, StringComparison.Ordinal);
        Assert.Equal(Scores(await AuditAsync(world.Model)), Scores(audited));
    }

    private string[] Arguments(string model) =>
        ["audit", world.Query, "--model", model, "--dataset", world.Dataset, .. SmallWorld.Quick];

    private async Task<Outcome> AuditAsync(string model, params string[] more)
    {
        var outcome = await _tool.RunAsync([.. Arguments(model), "--json", .. more]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return outcome;
    }

    private static string Unwrapped(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static JsonElement Model(Outcome outcome) => outcome.Json().GetProperty("model");

    private static string? Hash(Outcome outcome) => Model(outcome).GetProperty("weightsSha256").GetString();

    private static IEnumerable<double> Scores(Outcome outcome) =>
        [
            .. outcome
                .Json()
                .GetProperty("attributions")
                .EnumerateArray()
                .Select(a => a.GetProperty("score").GetDouble()),
        ];
}
