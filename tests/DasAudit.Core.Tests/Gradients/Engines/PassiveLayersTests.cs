using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Engines;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients.Engines;

public class PassiveLayersTests
{
    [Fact]
    public void What_leaves_the_layers_that_are_not_attributed_is_counted_until_they_are_let_go()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(
            ("first", nn.Linear(3, 5)),
            ("norm", nn.LayerNorm(5)),
            ("last", nn.Linear(5, 2))
        );
        using var model = new FunctionModel(network, new(1, 1, 3), (noisy, _, _) => network.call(noisy));
        var passive = new PassiveLayers(network, AttributedParameters.Select(model, "^last"));

        network.call(ones(4, 3));
        Assert.Equal(4 * (5 + 5) * sizeof(float), passive.Bytes);

        passive.Dispose();
        network.call(ones(4, 3));
        Assert.Equal(4 * (5 + 5) * sizeof(float), passive.Bytes);
    }

    [Fact]
    public void A_batch_takes_their_memory_too()
    {
        using var scope = NewDisposeScope();
        using var model = new TinyUnet();
        using var gradients = new LayerwiseGradients(
            model,
            AttributedParameters.Select(model, "^_time"),
            GradientComparison.Functions
        );

        gradients.Differentiate(GradientComparison.Batch(model, 2)).Dispose();

        // 8 and 3 channels of 8×8 places leave the convolutions; the attributed layer has 8 values a row.
        const int Convolutions = (8 + 3) * 64 * sizeof(float) * 3 / 2;
        Assert.InRange(gradients.BytesPerRow, Convolutions, Convolutions + 1500);
    }
}
