using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients.Layers;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>
/// The features of pictures, one picture at a time. Its timesteps and noise draws are the rows of batches whose sizes follow from the options
/// and the model alone, so no other picture can change a bit of them. Not thread-safe: each worker has its own, with its own copy of the model.
/// </summary>
internal sealed class GradientExtractor : IDisposable
{
    private readonly IDiffusionModel _model;
    private readonly GradientOptions _options;
    private readonly AttributedParameters _parameters;
    private readonly IProjection _projection;
    private readonly int[] _timesteps;
    private readonly NoiseSource _noise;
    private readonly Device _device;
    private readonly ISampleGradients _gradients;

    public GradientExtractor(IDiffusionModel model, GradientOptions options)
    {
        (_model, _options) = (model, options);
        _parameters = AttributedParameters.Select(model.Network, options.Parameters);
        _projection = options.Projection.Create(options.Seed, _parameters.Count);
        _timesteps = options.TimestepGrid(model.Schedule.TrainTimesteps);
        _noise = new(options.Seed);
        _device = _parameters.Tensors[0].device;
        try
        {
            _gradients = new LayerwiseGradients(model, _parameters);
        }
        catch (LayerNotSupportedException e)
        {
            SlowBecause = e.Message;
            _gradients = new AutogradGradients(model, _parameters);
        }
    }

    /// <summary>Why gradients are taken by automatic differentiation, one at a time; null if they are taken layer by layer.</summary>
    public string? SlowBecause { get; }

    /// <summary>The features of one picture, one a noise draw.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="clean">x₀, float32 [1, C, H, W] on the model's device.</param>
    /// <param name="condition">Encoded condition of this one sample; null if unconditional.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public PictureFeature[] Extract(string name, Tensor clean, Tensor? condition, CancellationToken cancellation)
    {
        var features = new List<PictureFeature>();
        for (var replicate = 0; replicate < _options.Replicates; replicate++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var sums = new UnitGradientSums(_parameters.Count, 1, _timesteps.Length);
            var measures = _gradients.AddUnitGradients(Batch(name, clean, condition, replicate), sums);
            features.Add(new()
            {
                Output = Project(sums[OutputFunctions.Output, 0]),
                Loss = Project(sums[OutputFunctions.Loss, 0]),
                SquaredErrors = measures.SquaredErrors,
                GradientNorms = measures.OutputNorms,
            });
        }

        return [.. features];
    }

    public void Dispose() => _gradients.Dispose();

    private NoisyBatch Batch(string name, Tensor clean, Tensor? condition, int replicate)
    {
        var timesteps = tensor(_timesteps.Select(t => (long)t).ToArray(), device: _device);
        var noise = stack(_timesteps.Select(t => _noise.Normal(new(NoisePurpose.Attribution, t, replicate), _model.SampleShape))).to(_device);
        var repeated = clean.expand_as(noise);
        return new(
            name,
            _model.Schedule.AddNoise(repeated, noise, timesteps),
            _model.Schedule.Target(_model.PredictionType, repeated, noise, timesteps),
            timesteps,
            condition?.expand([_timesteps.Length, .. condition.shape[1..]]).contiguous(),
            _timesteps);
    }

    private float[] Project(float[] gradient)
    {
        var feature = new float[_projection.Dimension];
        _projection.Project(gradient, feature);
        return feature;
    }
}
