using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Projections;

namespace DasAudit.Benchmarks.Gradients;

/// <summary>A way of taking a picture's features, from gradients to their projected average.</summary>
internal sealed class Way : IDisposable
{
    private readonly ISampleGradients _gradients;
    private readonly FeatureRows _rows;
    private readonly BatchPlan _plan;

    public Way(IDiffusionModel model, int timesteps, FeatureKind[] kinds, string projection, bool layerwise = true)
    {
        var options = new GradientOptions
        {
            Kinds = kinds,
            Timesteps = timesteps,
            Replicates = 1,
            Projection = ProjectionOptions.Parse(projection),
        };
        var parameters = AttributedParameters.Select(model, null, logra: options.Projection.Logra);
        IOutputFunction[] functions =
        [
            .. kinds.Select(kind => OutputFunctions.Create(kind.Function, model.Process, 0)),
        ];
        _gradients = layerwise
            ? new LayerwiseGradients(model, parameters, functions)
            : new AutogradGradients(model, parameters, functions);
        _rows = new(
            options,
            [.. kinds.Select(kind => kind.Function)],
            timesteps,
            options.Projection.Create(0, parameters.Space.Count),
            parameters.Space.Count
        );
        _plan = new(0, 1, 0, timesteps);
    }

    public PictureFeatures Run(NoisyBatch batch)
    {
        using var gradients = _gradients.Differentiate(batch);
        _rows.Start();
        _rows.Add(gradients, _plan);
        return _rows.Finish();
    }

    public void Dispose() => _gradients.Dispose();
}
