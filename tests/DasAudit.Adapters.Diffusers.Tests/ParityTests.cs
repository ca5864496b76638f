using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests;

/// <summary>The adapter against what diffusers computed.</summary>
public class ParityTests
{
    public static TheoryData<string> Checkpoints => [.. Golden.Names];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void The_output_is_the_reference_librarys(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new Golden(name);

        var difference = Golden.MaxAbs(golden.Predict(), golden.File.Read("output"));

        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {difference:E2}");
        Assert.InRange(difference, 0, 2e-5);
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void The_time_embedding_is_the_reference_librarys(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new Golden(name);
        var timesteps = golden.File.Read("timesteps");

        Assert.InRange(Golden.MaxAbs(golden.Unet.TimeProjection(timesteps), golden.File.Read("time_proj")), 0, 1e-5);
        Assert.InRange(Golden.MaxAbs(golden.Unet.TimeEmbedding(timesteps), golden.File.Read("time_embedding")), 0, 1e-5);
    }
}
