using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Gradients;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Features;

/// <summary>How per-sample gradient features are taken.</summary>
public sealed record GradientOptions
{
    /// <summary>Which features. Default: unit gradients of mean prediction and loss, averaged over timesteps.</summary>
    public IReadOnlyList<FeatureKind> Kinds { get; init; } = [FeatureKind.UnitMean, FeatureKind.UnitLoss];

    /// <summary>K, the number of timesteps, 1 … T. Default 10.</summary>
    public int Timesteps { get; init; } = 10;

    /// <summary>The timesteps themselves, ascending; default null: see <see cref="TimestepGrid"/>.</summary>
    public IReadOnlyList<int>? ChosenTimesteps { get; init; }

    /// <summary>R, the number of independent noise draws, at least 1. Default 4.</summary>
    public int Replicates { get; init; } = 4;

    /// <summary>Seed of the noise and of the projection. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>The projection. Default <c>sjlt:4096</c>.</summary>
    public ProjectionOptions Projection { get; init; } = new();

    /// <summary>Which parameters are attributed; see <see cref="ParameterFilter"/>. Default null: those that the
    /// model attributes.</summary>
    public string? Parameters { get; init; }

    /// <summary>
    /// Which of the parameters that the model attributes, where <see cref="Parameters"/> is null: rules of a
    /// <see cref="ParameterFilter"/> that select at least one. Default null: all of them.
    /// </summary>
    public string? AttributedPart { get; init; }

    /// <summary>The number of the first noise draw, at least 0. Default 0.</summary>
    public int FirstReplicate { get; init; }

    /// <summary>The inner product of gradients. Default null: the usual one.</summary>
    public AdamMetric? Metric { get; init; }

    /// <summary>In which numbers the model computes. Default float32.</summary>
    public GradientPrecision Precision { get; init; }

    /// <summary>Bytes workers and models may use: fewer workers, then smaller batches. Default null: any.</summary>
    public long? Memory { get; init; }

    /// <summary>Chosen timesteps, or midpoints ⌊(j + ½)·T/K⌋ of K equal strata: none is the noiseless t = 0.</summary>
    /// <exception cref="AuditException">They do not fit T.</exception>
    public int[] TimestepGrid(int trainTimesteps)
    {
        if (ChosenTimesteps is { } chosen)
        {
            return
                chosen.Count > 0
                && chosen.All(t => t >= 0 && t < trainTimesteps)
                && chosen.SequenceEqual(chosen.Distinct().Order())
                ? [.. chosen]
                : throw new AuditException(
                    $"The timesteps {string.Join(", ", chosen)} do not fit the model; "
                        + $"choose ascending ones from 0 to {trainTimesteps - 1}."
                );
        }

        if (Timesteps < 1 || Timesteps > trainTimesteps)
            throw new AuditException(
                $"{Settings.Name("timesteps")} {Timesteps} does not fit the model's {trainTimesteps} timesteps; "
                    + $"choose 1 to {trainTimesteps}."
            );
        return [.. Enumerable.Range(0, Timesteps).Select(j => (int)((2L * j + 1) * trainTimesteps / (2L * Timesteps)))];
    }

    /// <summary>The noised pictures that gradients are taken of.</summary>
    internal NoisyBatches Batches(IDiffusionModel model) =>
        new(model, TimestepGrid(model.Process.TrainTimesteps), Replicates, new(Seed), FirstReplicate);

    /// <summary>Where each layer's own part lies in a feature of a model.</summary>
    /// <param name="model">The model; its attributed parameters alone require gradients afterwards.</param>
    /// <returns>In the network's own order; empty where gradients are projected as a whole.</returns>
    /// <exception cref="AuditException">No parameter is selected.</exception>
    public IReadOnlyList<LayerBlock> LayerBlocks(IDiffusionModel model)
    {
        var parameters = AttributedParameters.Select(
            model,
            Parameters,
            logra: Projection.Logra,
            seed: Seed,
            part: AttributedPart
        );
        return Gradients.LayerBlocks.Of(parameters, Projection);
    }
}
