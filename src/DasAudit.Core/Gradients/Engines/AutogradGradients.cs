using System.Runtime.InteropServices;
using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Numerics;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>
/// Per-sample gradients by automatic differentiation: for each sample a forward pass, and a backward pass for each output function. Slow,
/// right for every model, and the reference of the fast way. All gradients of a batch are kept.
/// </summary>
internal sealed class AutogradGradients(
    IDiffusionModel model,
    AttributedParameters parameters,
    IReadOnlyList<IOutputFunction> functions
) : ISampleGradients
{
    public IBatchGradients Differentiate(NoisyBatch batch)
    {
        var gradients = functions
            .Select(_ => Enumerable.Range(0, batch.Rows).Select(_ => new float[parameters.Space.Count]).ToArray())
            .ToArray();
        var targets = functions.Select(function => function.HasTangentTarget ? new double[batch.Rows] : null).ToArray();
        var errors = Enumerable
            .Range(0, batch.Rows)
            .Select(b =>
                Differentiate(
                    batch.Row(b),
                    [.. gradients.Select(function => function[b])],
                    (f, target) => targets[f]![b] = target
                )
            )
            .ToArray();
        var norms = gradients
            .Select(function => function.Select((gradient, b) => Norm(gradient, batch.Name, batch.Passes[b])).ToArray())
            .ToArray();
        return new StoredGradients(gradients, errors, norms, targets);
    }

    public void Dispose() { }

    private double Differentiate(NoisyBatch sample, float[][] results, Action<int, double> target)
    {
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        parameters.RequireGradients(true);
        // The input gets a gradient that nobody asked for, because libtorch's channels-last group normalisation crashes without.
        var noisy = sample.Noisy.detach().requires_grad_(true);
        var prediction = model.Predict(noisy, sample.Timesteps, sample.Condition);
        for (var f = 0; f < functions.Count; f++)
        {
            var scalar = functions[f].Of(prediction, sample);
            if (scalar.requires_grad)
                autograd.backward(
                    scalar,
                    retain_graph: f < functions.Count - 1,
                    inputs: [.. parameters.Tensors, noisy]
                );
            var along = TakeGradients(results[f], functions[f].HasTangentTarget);
            if (functions[f].HasTangentTarget)
                target(f, along + TangentTarget.Rest(functions[f], prediction, sample)[0]);
        }

        return (prediction.detach() - sample.Target).square().mean().item<float>();
    }

    // ⟨g, θ⟩ if it is wanted, else 0
    private double TakeGradients(float[] result, bool withProduct)
    {
        var product = 0.0;
        for (var i = 0; i < parameters.Tensors.Count; i++)
        {
            var parameter = parameters.Tensors[i];
            var slice = parameters.Space.Part(result, i);
            using var gradient = parameter.grad;
            parameter.grad = null;
            // A parameter that the prediction does not reach has none: it is zero.
            if (gradient is null)
            {
                slice.Clear();
                continue;
            }

            using var scope = NewDisposeScope();
            if (withProduct)
                product += TangentTarget.Products(gradient.unsqueeze(0), parameter.unsqueeze(0))[0];
            var coordinates = (
                parameters.Space.Factors(i)?.Of(gradient.to_type(ScalarType.Float32))
                ?? gradient.to_type(ScalarType.Float32)
            )
                .cpu()
                .contiguous();
            MemoryMarshal.Cast<byte, float>(coordinates.bytes).CopyTo(slice);
            if (parameters.Scales is { } scales)
                TensorPrimitives.Multiply(slice, scales[i], slice);
        }

        return product;
    }

    private double Norm(float[] gradient, string picture, Pass pass)
    {
        var squares = 0.0;
        for (var i = 0; i < parameters.Names.Count; i++)
        {
            var own = SquaredNorms.Of(parameters.Space.Part(gradient, i));
            if (!double.IsFinite(own))
                throw UselessGradient.NotFinite(picture, pass, parameters.Names[i]);
            squares += own;
        }

        return Math.Sqrt(squares);
    }

    private sealed class StoredGradients(float[][][] gradients, double[] errors, double[][] norms, double[]?[] targets)
        : IBatchGradients
    {
        public double[] SquaredErrors => errors;

        public double[][] Norms => norms;

        public double[]?[] TangentTargets => targets;

        public void AddWeightedSum(int function, float[] weights, float[] sum)
        {
            foreach (var (b, weight) in weights.Index())
            {
                if (weight != 0)
                    TensorPrimitives.MultiplyAdd(gradients[function][b], weight, sum, sum);
            }
        }

        public void Dispose() { }
    }
}
