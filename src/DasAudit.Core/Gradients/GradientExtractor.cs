using DasAudit.Abstractions;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Gradients.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>
/// The features of pictures, one picture at a time. Its timesteps and noise draws are the rows of batches whose sizes follow from the options
/// and the model alone, so no other picture can change a bit of them. Not thread-safe: each worker has its own, with its own copy of the model.
/// </summary>
internal sealed class GradientExtractor : IDisposable
{
    private const int MostRows = 32;

    private readonly GradientOptions _options;
    private readonly NoisyBatches _batches;
    private readonly AttributedParameters _parameters;
    private readonly IProjection _projection;
    private readonly AutogradGradients _autograd;
    private LayerwiseGradients? _layerwise;
    private BatchPlan[]? _plan;

    public GradientExtractor(IDiffusionModel model, GradientOptions options)
    {
        _options = options;
        _parameters = AttributedParameters.Select(model.Network, options.Parameters);
        _projection = options.Projection.Create(options.Seed, _parameters.Count);
        _batches = new(model, options.TimestepGrid(model.Schedule.TrainTimesteps), new(options.Seed));
        _autograd = new(model, _parameters, OutputFunctions.All);
        try
        {
            _layerwise = new(model, _parameters, OutputFunctions.All);
        }
        catch (LayerNotSupportedException e)
        {
            SlowBecause = e.Message;
        }
    }

    /// <summary>Why gradients are taken by automatic differentiation, one at a time; null if they are taken layer by layer.</summary>
    public string? SlowBecause { get; private set; }

    /// <summary>The features of one picture, one a noise draw.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="clean">x₀, float32 [1, C, H, W] on the model's device.</param>
    /// <param name="condition">Encoded condition of this one sample; null if unconditional.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public PictureFeature[] Extract(string name, Tensor clean, Tensor? condition, CancellationToken cancellation)
    {
        _plan ??= Plan(clean, condition);
        var features = new List<PictureFeature>();
        foreach (var replicates in _plan.GroupBy(batch => batch.Replicate))
        {
            var sums = new UnitGradientSums(OutputFunctions.All.Count, _parameters.Count, replicates.First().Replicates, _options.Timesteps);
            var measures = new List<BatchMeasures>();
            foreach (var batch in replicates)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                measures.Add(AddUnitGradients(_batches.Create(name, clean, condition, batch), sums));
            }

            var errors = measures.SelectMany(m => m.SquaredErrors).Chunk(_options.Timesteps).ToList();
            var norms = measures.SelectMany(m => m.Norms[0]).Chunk(_options.Timesteps).ToList();
            var projected = _projection.Project([.. Enumerable.Range(0, sums.Replicates).SelectMany(r => new[] { sums[0, r], sums[1, r] })]);
            features.AddRange(Enumerable.Range(0, sums.Replicates).Select(r => new PictureFeature
            {
                Output = projected[2 * r],
                Loss = projected[2 * r + 1],
                SquaredErrors = errors[r],
                GradientNorms = norms[r],
            }));
        }

        return [.. features];
    }

    public void Dispose()
    {
        _layerwise?.Dispose();
        _autograd.Dispose();
    }

    private BatchMeasures AddUnitGradients(NoisyBatch batch, UnitGradientSums sums)
    {
        if (_layerwise is null) return _autograd.AddUnitGradients(batch, sums);
        try
        {
            return _layerwise.AddUnitGradients(batch, sums);
        }
        catch (LayerNotSupportedException e)
        {
            // Thrown before anything is added, and for reasons that lie in this batch alone.
            SlowBecause ??= e.Message;
            return _autograd.AddUnitGradients(batch, sums);
        }
    }

    // The check sees pure noise, so that it and the plan are the same whichever picture comes first.
    private BatchPlan[] Plan(Tensor clean, Tensor? condition)
    {
        using var scope = NewDisposeScope();
        if (_layerwise is not null && SelfCheck.Fault(_layerwise, _autograd, _parameters, _batches.Noise(clean, condition)) is { } fault)
        {
            SlowBecause = fault;
            _layerwise.Dispose();
            _layerwise = null;
        }

        var rows = _layerwise is null ? 1 : (int)Math.Clamp(_options.BatchBytes / Math.Max(1, _layerwise.BytesPerRow), 1, MostRows);
        return [.. BatchPlan.Cut(_options.Timesteps, _options.Replicates, rows)];
    }
}
