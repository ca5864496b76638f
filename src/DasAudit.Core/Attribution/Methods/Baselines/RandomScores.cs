using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Attribution.Methods.Baselines;

/// <summary>Uniform scores in [0, 1): what chance achieves.</summary>
public sealed class RandomScores : IAttributionMethod
{
    private const int Values = 1 << 30;

    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new("random", "Random", "–", "none", "chance drew a larger number")
        {
            Meaning =
                "A number drawn at random. It says nothing about the training picture; it shows what scores look like that know nothing.",
            Kind = ScoreKind.Chance,
            Noise = ScoreNoise.Random,
            Scale = "From 0 to 1.",
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new();

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        var source = new NoiseSource(options.Seed);
        return new(
            [
                .. Enumerable
                    .Range(0, inputs.Queries)
                    .Select(q => new QueryScores([
                        .. Enumerable
                            .Range(0, inputs.Replicates)
                            .Select(r =>
                                Enumerable
                                    .Range(0, inputs.Rows)
                                    .Select(i =>
                                        source.Below(new(NoisePurpose.RandomScore, q, r), i, Values) / (double)Values
                                    )
                                    .ToArray()
                            ),
                    ])),
            ],
            []
        );
    }
}
