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
}
