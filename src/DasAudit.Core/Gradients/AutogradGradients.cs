using System.Runtime.InteropServices;
using DasAudit.Abstractions;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Gradients;

/// <summary>
/// Per-sample gradients by automatic differentiation: for each sample a forward pass, and a backward pass for each output function. Slow,
/// right for every model, and the reference of the fast way.
/// </summary>
internal sealed class AutogradGradients(IDiffusionModel model, AttributedParameters parameters, IReadOnlyList<OutputFunction> functions) : ISampleGradients
{
    private readonly float[] _gradient = new float[parameters.Count];

    public BatchMeasures AddUnitGradients(NoisyBatch batch, UnitGradientSums sums)
    {
        var measures = new BatchMeasures(new double[batch.Rows], [.. functions.Select(_ => new double[batch.Rows])]);
        for (var b = 0; b < batch.Rows; b++)
        {
            var (row, replicate) = (b, b * sums.Replicates / batch.Rows);
            measures.SquaredErrors[b] = ForEachFunction(batch, b, (function, gradient) =>
            {
                var norm = Norm(gradient, batch.Name, batch.Numbers[row]);
                measures.Norms[function][row] = norm;
                var sum = sums[function, replicate];
                TensorPrimitives.MultiplyAdd(gradient, (float)sums.Weight(norm), sum, sum);
            });
        }

        return measures;
    }

    /// <summary>The gradients of one sample, as they are.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="row">Which.</param>
    /// <param name="use">Told the index of each output function and its gradient, length p, which is overwritten afterwards.</param>
    /// <returns>The training loss of the sample.</returns>
    public double ForEachFunction(NoisyBatch batch, int row, Action<int, float[]> use)
    {
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        parameters.RequireGradients(true);
        var sample = batch.Row(row);
        // The input gets a gradient that nobody asked for, because libtorch's channels-last group normalisation crashes without.
        var noisy = sample.Noisy.detach().requires_grad_(true);
        var prediction = model.Predict(noisy, sample.Timesteps, sample.Condition);
        for (var f = 0; f < functions.Count; f++)
        {
            var scalar = functions[f](prediction, sample.Target);
            if (scalar.requires_grad) autograd.backward(scalar, retain_graph: f < functions.Count - 1, inputs: [.. parameters.Tensors, noisy]);
            TakeGradients();
            use(f, _gradient);
        }

        return OutputFunctions.Loss(prediction.detach(), sample.Target).item<float>();
    }

    public void Dispose()
    {
    }

    private void TakeGradients()
    {
        for (var i = 0; i < parameters.Tensors.Count; i++)
        {
            var parameter = parameters.Tensors[i];
            var slice = _gradient.AsSpan(parameters.Offsets[i], (int)parameter.numel());
            using var gradient = parameter.grad;
            parameter.grad = null;
            // A parameter that the prediction does not reach has none: it is zero.
            if (gradient is null)
            {
                slice.Clear();
                continue;
            }

            using var contiguous = gradient.cpu().contiguous();
            MemoryMarshal.Cast<byte, float>(contiguous.bytes).CopyTo(slice);
        }
    }

    private double Norm(float[] gradient, string picture, int timestep)
    {
        var squares = 0.0;
        for (var i = 0; i < parameters.Names.Count; i++)
        {
            var own = SquaredNorms.Of(gradient.AsSpan(parameters.Offsets[i], (int)parameters.Tensors[i].numel()));
            if (!double.IsFinite(own)) throw NotFinite.Gradient(picture, timestep, parameters.Names[i]);
            squares += own;
        }

        return Math.Sqrt(squares);
    }
}
