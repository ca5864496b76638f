using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Tests.Gradients;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Features;

/// <summary>Counts live tensors of the whole process, so nothing may run beside it.</summary>
[Collection(nameof(TensorLifetimeTests))]
[CollectionDefinition(nameof(TensorLifetimeTests), DisableParallelization = true)]
public class TensorLifetimeTests
{
    [Fact]
    public void No_tensor_outlives_the_computation_of_features()
    {
        var options = new GradientOptions { Timesteps = 3, Replicates = 1 };
        var pictures = Enumerable
            .Range(0, 6)
            .Select(i => new ModelPicture($"{i}", () => new float[3 * 8 * 8]))
            .ToList();
        // Were the model disposed, its parameters would make up for as many tensors that are left.
        using var model = new TinyUnet();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;

        using (var pool = new ModelPool(() => new KeptModel(model)))
            new FeatureEngine(pool, options, 1).Compute(pictures, null, CancellationToken.None);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("logra:3x2")]
    public void Live_tensors_are_constant_over_batches(string projection)
    {
        using var scope = NewDisposeScope();
        using var model = new TinyUnet();
        var parameters = AttributedParameters.Select(model, null, logra: ProjectionOptions.Parse(projection).Logra);
        using var gradients = new LayerwiseGradients(model, parameters, GradientComparison.Functions);
        var batch = GradientComparison.Batch(model, 4);
        Sum();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;

        for (var i = 0; i < 100; i++)
            Sum();

        Assert.Equal(before, Tensor.TotalCount);

        void Sum()
        {
            using var all = gradients.Differentiate(batch);
            all.AddWeightedSum(0, [1, 1, 1, 1], new float[parameters.Space.Count]);
            all.AddWeightedSum(1, [1, 1, 1, 1], new float[parameters.Space.Count]);
        }
    }

    // On CUDA the engine's own thread does this, where the caller's dispose scopes do not reach.
    [Fact]
    public void Backward_passes_on_a_thread_without_scopes_give_the_same_and_leave_nothing()
    {
        using var scope = NewDisposeScope();
        using var model = new TinyUnet();
        var parameters = AttributedParameters.Select(model, null);
        var relayed = new FunctionModel(
            model.Network,
            model.PictureShape,
            (noisy, timesteps, _) =>
            {
                var inner = model.Predict(noisy, timesteps).MoveToOuterDisposeScope();
                return inner.requires_grad
                    ? ElsewhereBackward.apply(inner.detach().requires_grad_(true), (Func<Tensor>)(() => inner))
                    : inner;
            }
        );
        using var here = new LayerwiseGradients(model, parameters, GradientComparison.Functions);
        var batch = GradientComparison.Batch(model, 4);
        var expected = Sums(here);
        here.Dispose();
        using var elsewhere = new LayerwiseGradients(relayed, parameters, GradientComparison.Functions);
        Assert.Equal(expected, Sums(elsewhere));
        ElsewhereBackward.Threads.Clear();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;

        for (var i = 0; i < 20; i++)
            Sums(elsewhere);

        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal(
            20 * GradientComparison.Functions.Length,
            ElsewhereBackward.Threads.Count(id => id != Environment.CurrentManagedThreadId)
        );

        float[] Sums(LayerwiseGradients gradients)
        {
            using var all = gradients.Differentiate(batch);
            var sum = new float[parameters.Space.Count];
            all.AddWeightedSum(0, [1, 1, 1, 1], sum);
            all.AddWeightedSum(1, [1, 1, 1, 1], sum);
            return sum;
        }
    }

    /// <summary>Does the backward pass of what its second argument gives on a thread of its own.</summary>
    private sealed class ElsewhereBackward : autograd.SingleTensorFunction<ElsewhereBackward>
    {
        public static List<int> Threads { get; } = [];

        public override string Name => nameof(ElsewhereBackward);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.set_materialize_grads(false);
            ctx.save_data("inner", vars[1]);
            return ((Tensor)vars[0]).alias();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var thread = new Thread(() =>
            {
                Threads.Add(Environment.CurrentManagedThreadId);
                autograd.backward([((Func<Tensor>)ctx.get_data("inner"))()], [grad_output], retain_graph: true);
            });
            thread.Start();
            thread.Join();
            return [grad_output, null!];
        }
    }
}
