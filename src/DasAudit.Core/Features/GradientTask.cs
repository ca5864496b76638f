using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Features;

/// <summary>What of a model is differentiated, by which parameters, at which passes, and how it is projected.</summary>
internal sealed class GradientTask
{
    /// <param name="model">Reduced precision changes it for good.</param>
    public GradientTask(IDiffusionModel model, GradientOptions options)
    {
        Batches = options.Batches(model);
        if (options.Precision.LayerType() is { } type)
            ReducedPrecision.Use(model.Network, type);
        Parameters = AttributedParameters.Select(
            model,
            options.Parameters,
            options.Metric,
            options.Projection.Logra,
            options.Seed,
            options.AttributedPart
        );
        var names = options.Kinds.Select(kind => kind.Function).Distinct();
        Functions = [.. names.Select(name => OutputFunctions.Create(name, model.Process, options.Seed))];
        var blocks = LayerBlocks.Of(Parameters, options.Projection);
        Projection = options.Projection.Create(options.Seed, blocks, Parameters.Space.Count);
    }

    public NoisyBatches Batches { get; }

    public AttributedParameters Parameters { get; }

    public IOutputFunction[] Functions { get; }

    /// <summary>Of <see cref="Functions"/>, in their order.</summary>
    public string[] FunctionNames => [.. Functions.Select(function => function.Name)];

    public IProjection Projection { get; }
}
