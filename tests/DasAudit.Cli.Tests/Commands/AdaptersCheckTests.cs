using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands;

public sealed class AdaptersCheckTests : IDisposable
{
    private static readonly string Model = GoldenFiles.PathOf("ddpm-tiny");
    private static readonly string Golden = Path.Combine(Model, "golden.safetensors");

    // The real adapter, loaded from its folder; the test plugin beside it recognises everything.
    private static readonly string[] Adapter =
    [
        "--plugins",
        Path.Combine(AppContext.BaseDirectory, "plugins"),
        "--adapter",
        "diffusers",
    ];

    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task The_diffusers_adapter_conforms_and_computes_what_the_reference_did()
    {
        var outcome = await _tool.RunAsync([
            "adapters",
            "check",
            Model,
            "--golden",
            Golden,
            .. Adapter,
            "--json",
            "--quiet",
        ]);
        var document = outcome.Json();
        Assert.Equal("das-audit/adapter-check/1", document.GetProperty("schema").GetString());
        Assert.Equal("diffusers", document.GetProperty("adapter").GetString());
        Assert.True(document.GetProperty("passed").GetBoolean(), outcome.Out);
        Assert.Contains(
            document.GetProperty("checks").EnumerateArray(),
            check => check.GetProperty("maxAbs").ValueKind == System.Text.Json.JsonValueKind.Number
        );
        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task A_model_that_computes_something_else_is_a_mismatch()
    {
        var changed = Path.Combine(_tool.WorkingDirectory, "changed");
        foreach (var file in Directory.GetFiles(Model, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(changed, Path.GetRelativePath(Model, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        var weights = Path.Combine(changed, "unet", "diffusion_pytorch_model.safetensors");
        var bytes = File.ReadAllBytes(weights);
        // The last four bytes are the last weight.
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), 25f);
        File.WriteAllBytes(weights, bytes);

        var outcome = await _tool.RunAsync(["adapters", "check", "changed", "--golden", Golden, .. Adapter]);
        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("FAIL", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("checking diffusers: ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_of_a_pipeline_is_compared_and_what_is_not_is_named()
    {
        var model = GoldenFiles.PathOf("sd-lora-tiny");
        var golden = Path.Combine(model, "golden.safetensors");

        var outcome = await _tool.RunAsync([
            "adapters",
            "check",
            model,
            "--golden",
            golden,
            .. Adapter,
            "--json",
            "--quiet",
        ]);

        Assert.True(outcome.ExitCode == 0, outcome.Error + outcome.Out);
        var checks = outcome
            .Json()
            .GetProperty("checks")
            .EnumerateArray()
            .ToDictionary(
                check => check.GetProperty("name").GetString()!,
                check => check.GetProperty("detail").GetString()
            );
        string[] compared =
        [
            "golden-unet-output",
            "golden-unet-output-text",
            "golden-vae-latents",
            "golden-vae-decoded",
        ];
        Assert.All(compared, name => Assert.Contains(name, checks.Keys));
        Assert.Contains(
            "made with a LoRA, and none is loaded: lora/grad_mse",
            checks["golden-not-compared"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_plugin_that_throws_fails_the_first_check()
    {
        var path = MoodyPlugin.Install(Path.Combine(_tool.ToolDirectory, "plugins"), mood: "throws");
        var outcome = await _tool.RunAsync("adapters", "check", Model, "--json");
        Assert.Equal(3, outcome.ExitCode);
        var check = Assert.Single(outcome.Json().GetProperty("checks").EnumerateArray());
        Assert.Contains($"'{path}' fails to load", check.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_golden_file_that_is_none_is_an_error()
    {
        _tool.Write("golden.safetensors", "junk");
        var outcome = await _tool.RunAsync(["adapters", "check", Model, "--golden", "golden.safetensors", .. Adapter]);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Empty(outcome.Out);
        Assert.Contains("golden.safetensors", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_adapter_for_the_model_it_says_what_was_tried()
    {
        MoodyPlugin.Install(Path.Combine(_tool.ToolDirectory, "plugins"), mood: "recognises nothing");
        var outcome = await _tool.RunAsync("adapters", "check", ".");
        Assert.Equal(
            new Outcome(
                1,
                "",
                "das-audit: No adapter recognises the model '.', which is an empty folder: asked moody; give another "
                    + "model or a further plugin with --plugins.\n"
            ),
            outcome
        );
    }
}
