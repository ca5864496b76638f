using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients.Engines;

public class LayerwiseGradientsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 3)]
    public void A_batch_gives_what_autograd_gives_sample_by_sample(int rows, int replicates)
    {
        using var scope = NewDisposeScope();
        using var model = new TinyUnet();
        GradientComparison.AssertEqualToAutograd(model, GradientComparison.Batch(model, rows), replicates);
    }

    [Theory]
    [InlineData("weight$")]
    [InlineData("bias$")]
    [InlineData("^_last")]
    [InlineData("^_time\\.bias")]
    public void So_does_any_part_of_the_parameters(string pattern)
    {
        using var scope = NewDisposeScope();
        using var model = new TinyUnet();
        GradientComparison.AssertEqualToAutograd(model, GradientComparison.Batch(model, 4), 1, pattern);
    }
}
