using System.Runtime.InteropServices;
using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Gradients;

/// <summary>
/// Per-sample gradients by automatic differentiation, one (picture, timestep) at a time: one forward pass, and one backward pass for each
/// of the two output functions. Not thread-safe: each worker has its own, with its own copy of the model.
/// </summary>
internal sealed class GradientExtractor
{
    private readonly IDiffusionModel _model;
    private readonly AttributedParameters _parameters;
    private readonly IProjection _projection;
    private readonly int[] _timesteps;
    private readonly NoiseSource _noise;
    private readonly Device _device;
    private readonly float[] _gradient;

    public GradientExtractor(IDiffusionModel model, GradientOptions options)
    {
        _model = model;
        _parameters = AttributedParameters.Select(model.Network, options.Parameters);
        _projection = options.Projection.Create(options.Seed, _parameters.Count);
        _timesteps = options.TimestepGrid(model.Schedule.TrainTimesteps);
        _noise = new(options.Seed);
        _device = _parameters.Tensors[0].device;
        _gradient = new float[_parameters.Count];
    }

    /// <summary>The feature of one picture under one noise draw.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="clean">x₀, float32 [1, C, H, W] on the model's device.</param>
    /// <param name="condition">Encoded condition of this one sample; null if unconditional.</param>
    /// <param name="replicate">Number of the noise draw, from 0.</param>
    public PictureFeature Extract(string name, Tensor clean, Tensor? condition, int replicate)
    {
        var count = _timesteps.Length;
        var (output, loss) = (new float[_parameters.Count], new float[_parameters.Count]);
        var (squaredErrors, norms) = (new double[count], new double[count]);
        for (var j = 0; j < count; j++)
        {
            using var scope = NewDisposeScope();
            var t = _timesteps[j];
            var timestep = tensor(new long[] { t }, device: _device);
            var noise = _noise.Normal(new(NoisePurpose.Attribution, t, replicate), _model.SampleShape).unsqueeze(0).to(_device);
            var noisy = _model.Schedule.AddNoise(clean, noise, timestep);
            var prediction = _model.Predict(noisy, timestep, condition);
            var squaredError = (prediction - _model.Schedule.Target(_model.PredictionType, clean, noise, timestep)).square().mean();
            squaredErrors[j] = squaredError.item<float>();

            norms[j] = AddUnitGradient(prediction.mean(), retainGraph: true, output, name, t);
            AddUnitGradient(squaredError, retainGraph: false, loss, name, t);
        }

        return new() { Output = Project(output), Loss = Project(loss), SquaredErrors = squaredErrors, GradientNorms = norms };
    }

    /// <summary>Adds (1/K)·g/(‖g‖ + 1e-8) of a scalar (Lin et al., 2025: gradients normalised at each timestep) and returns ‖g‖.</summary>
    private double AddUnitGradient(Tensor scalar, bool retainGraph, float[] sum, string name, int timestep)
    {
        var gradients = autograd.grad([scalar], [.. _parameters.Tensors], retain_graph: retainGraph, allow_unused: true);
        var (offset, squares) = (0, 0.0);
        for (var i = 0; i < gradients.Count; i++)
        {
            var length = (int)_parameters.Tensors[i].numel();
            var slice = _gradient.AsSpan(offset, length);
            Read(gradients[i], slice);
            var layerSquares = SumOfSquares(slice);
            if (!double.IsFinite(layerSquares))
                throw new AuditException($"The gradient of '{name}' at timestep {timestep} is not finite in layer {_parameters.Names[i]}; check the model's weights, or leave that layer out with --parameters.");
            squares += layerSquares;
            offset += length;
        }

        var norm = Math.Sqrt(squares);
        TensorPrimitives.MultiplyAdd(_gradient, (float)(1 / ((norm + 1e-8) * _timesteps.Length)), sum, sum);
        return norm;
    }

    private float[] Project(float[] gradient)
    {
        var feature = new float[_projection.Dimension];
        _projection.Project(gradient, feature);
        return feature;
    }

    private static void Read(Tensor gradient, Span<float> destination)
    {
        // A parameter that the prediction does not reach comes back as an invalid tensor: its gradient is zero.
        if (gradient is null || gradient.IsInvalid)
        {
            destination.Clear();
            return;
        }

        using var contiguous = gradient.detach().cpu().contiguous();
        MemoryMarshal.Cast<byte, float>(contiguous.bytes).CopyTo(destination);
    }

    // In blocks, because float32 sums over millions of values lose four digits.
    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        const int Block = 1024;
        var sum = 0.0;
        for (; values.Length > Block; values = values[Block..]) sum += TensorPrimitives.SumOfSquares(values[..Block]);
        return sum + TensorPrimitives.SumOfSquares(values);
    }
}
