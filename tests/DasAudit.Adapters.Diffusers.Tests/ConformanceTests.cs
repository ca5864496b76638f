using DasAudit.Core.Conformance;
using DasAudit.Core.Models;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests;

/// <summary>The adapter under the checks that every adapter can be put to.</summary>
public class ConformanceTests
{
    public static TheoryData<string> Checkpoints => [.. Golden.Names];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Every_check_passes_with_the_reference_librarys_golden_file(string name)
    {
        var folder = GoldenFiles.PathOf(name);

        var document = new AdapterCheck(new ModelSource(new DiffusersAdapter(), "", "", folder, "/"), CPU).Run(
            [Path.Combine(folder, "golden.safetensors")],
            cancellation: TestContext.Current.CancellationToken
        );

        foreach (var check in document.Checks)
            TestContext.Current.TestOutputHelper!.WriteLine($"{check}");
        Assert.True(document.Passed, string.Join("; ", document.Checks.Where(check => !check.Passed)));
        Assert.Contains(document.Checks, check => check.Name == "golden-output");
        Assert.Contains(document.Checks, check => check.Name == "golden-grad-output-mean");
        Assert.Equal(
            name != "ddpm-celeba-like/old-keys",
            document.Checks.Any(check => check.Name == "golden-grad-mse")
        );
    }

    [Theory]
    [InlineData("sd-lora-tiny", null, "text-last-hidden-state", "vae-moments", "vae-sampled", "unet-output-text")]
    [InlineData("sdxl-tiny", null, "text-pooled-prompt-embeds", "unet-add-embeds", "unet-aug-emb", "unet-grad-mse")]
    [InlineData("sd-lora-tiny", "sd", "unet-output-lora", "text-last-hidden-state-lora", "lora-grad-mse-e2e")]
    [InlineData("sdxl-tiny", "sdxl", "unet-output-lora-text", "text-prompt-embeds-lora", "lora-grad-mse-e2e")]
    public void Every_check_passes_with_what_lies_behind_the_predictions(
        string name,
        string? lora,
        params string[] compared
    )
    {
        var folder = GoldenFiles.PathOf(name);
        var source = new ModelSource(new DiffusersAdapter(), "", "", folder, "/");
        var goldens = new List<string> { Path.Combine(folder, "golden.safetensors") };
        if (lora is not null)
        {
            var loraFolder = GoldenFiles.PathOf($"kohya-lora/{lora}");
            source = source with { Loras = [new(Path.Combine(loraFolder, "kohya.safetensors"))] };
            goldens.Add(Path.Combine(loraFolder, "golden.safetensors"));
        }

        var document = new AdapterCheck(source, CPU).Run(goldens, cancellation: TestContext.Current.CancellationToken);

        Assert.True(document.Passed, string.Join("; ", document.Checks.Where(check => !check.Passed)));
        string[] names = [.. document.Checks.Select(check => check.Name)];
        Assert.All(compared, tensor => Assert.Contains($"golden-{tensor}", names));
    }
}
