using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Projections;
using DasAudit.Core.Tests.Models;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients;

/// <summary>Counts live tensors of the whole process, so nothing may run beside it.</summary>
[Collection(nameof(TensorLifetimeTests))]
[CollectionDefinition(nameof(TensorLifetimeTests), DisableParallelization = true)]
public class TensorLifetimeTests
{
    [Fact]
    public void No_tensor_outlives_the_computation_of_features()
    {
        var options = new GradientOptions { Timesteps = 3, Replicates = 1 };
        var pictures = Enumerable.Range(0, 6).Select(i => new FeaturePicture($"{i}", () => new float[3 * 8 * 8])).ToList();
        var model = new TinyUnet();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;

        new FeatureEngine(() => model, options, 1).Compute(pictures, null, CancellationToken.None);

        // The engine disposes the model, so fewer may be left than before.
        Assert.InRange(Tensor.TotalCount, 0, before);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("logra:3x2")]
    public void Live_tensors_are_constant_over_batches(string projection)
    {
        using var scope = NewDisposeScope();
        using var model = new TinyUnet();
        var parameters = AttributedParameters.Select(model.Network, null, logra: ProjectionOptions.Parse(projection).Logra);
        using var gradients = new LayerwiseGradients(model, parameters, GradientComparison.Functions);
        var batch = GradientComparison.Batch(model, 4);
        Sum();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;

        for (var i = 0; i < 100; i++) Sum();

        Assert.Equal(before, Tensor.TotalCount);

        void Sum()
        {
            using var all = gradients.Differentiate(batch);
            all.AddWeightedSum(0, [1, 1, 1, 1], new float[parameters.Space.Count]);
            all.AddWeightedSum(1, [1, 1, 1, 1], new float[parameters.Space.Count]);
        }
    }
}
