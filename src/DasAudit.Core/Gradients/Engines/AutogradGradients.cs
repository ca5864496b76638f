using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Numerics;
using DasAudit.Core.Torch;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>Per-sample gradients by automatic differentiation: slow, right for every model, the reference.</summary>
/// <remarks>A sample takes a forward pass, and a backward pass per output function. All gradients are kept.</remarks>
internal sealed class AutogradGradients(
    IDiffusionModel model,
    AttributedParameters parameters,
    IReadOnlyList<IOutputFunction> functions,
    GradientPrecision precision = GradientPrecision.Full
) : ISampleGradients
{
    public IBatchGradients Differentiate(NoisyBatch batch)
    {
        var gradients = new StoredGradients(functions, batch.Rows, parameters.Space.Count);
        for (var b = 0; b < batch.Rows; b++)
            Differentiate(batch.Row(b), b, gradients);
        for (var f = 0; f < functions.Count; f++)
        {
            for (var b = 0; b < batch.Rows; b++)
                gradients.Norms[f][b] = Norm(gradients.Values[f][b], batch.Name, batch.Passes[b]);
        }

        return gradients;
    }

    public void Dispose() { }

    private void Differentiate(NoisyBatch sample, int row, StoredGradients results)
    {
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        parameters.RequireGradients(true);
        // The input gets a gradient too, because libtorch's channels-last group normalisation crashes without.
        var noisy = sample.Noisy.detach().requires_grad_(true);
        var prediction = model.Predict(noisy, sample.Timesteps, sample.Condition);
        for (var f = 0; f < functions.Count; f++)
        {
            var function = functions[f];
            var scalar = function.Of(prediction, sample);
            if (scalar.requires_grad)
                autograd.backward(
                    scalar * precision.Scale(),
                    retain_graph: f < functions.Count - 1,
                    inputs: [.. parameters.Tensors, noisy]
                );
            if (results.TangentTargets[f] is { } targets)
                targets[row] = Products() + TangentTarget.Rest(function, prediction, sample).item<double>();
            TakeGradients(results.Values[f][row]);
        }

        results.SquaredErrors[row] = (prediction.detach() - sample.Target).square().mean().item<float>();
    }

    // ⟨g, θ⟩
    private double Products()
    {
        var sum = 0.0;
        foreach (var parameter in parameters.Tensors)
        {
            using var gradient = parameter.grad;
            if (gradient is not null)
                sum +=
                    TangentTarget.Products(gradient.unsqueeze(0), parameter.unsqueeze(0)).item<double>()
                    / precision.Scale();
        }

        return sum;
    }

    private void TakeGradients(float[] result)
    {
        for (var i = 0; i < parameters.Tensors.Count; i++)
        {
            var parameter = parameters.Tensors[i];
            var slice = parameters.Space.Part(result, i);
            using var gradient = parameter.grad;
            parameter.grad = null;
            // The prediction does not reach this parameter: its gradient is zero.
            if (gradient is null)
            {
                slice.Clear();
                continue;
            }

            using var scope = NewDisposeScope();
            var whole = gradient.to_type(ScalarType.Float32);
            if (precision.Scale() != 1)
                whole = whole / precision.Scale();
            var coordinates = (parameters.Space.Factors(i)?.Of(whole) ?? whole).cpu().contiguous();
            NativeFloats.Values(coordinates).CopyTo(slice);
            if (parameters.Scales is { } scales)
                TensorPrimitives.Multiply(slice, scales[i], slice);
        }
    }

    private double Norm(float[] gradient, string picture, Pass pass)
    {
        var squares = 0.0;
        for (var i = 0; i < parameters.Names.Count; i++)
        {
            var square = SquaredNorms.Of(parameters.Space.Part(gradient, i));
            if (!double.IsFinite(square))
                throw UselessGradient.NotFinite(picture, pass, parameters.Names[i]);
            squares += square;
        }

        return Math.Sqrt(squares);
    }
}
