using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Attribution.Methods.Baselines;

/// <summary>Uniform scores in [0, 1): what chance achieves.</summary>
internal sealed class RandomMethod : IAttributionMethod
{
    private const int Values = 1 << 30;

    public MethodDescription Description { get; } =
        new("random", "Random", "–", "none")
        {
            Scores = new(
                "A number drawn at random. It says nothing about the training picture; it shows what scores look like "
                    + "that know nothing.",
                LargerMeans: "chance drew a larger number",
                Kind: ScoreKind.Chance,
                Noise: ScoreNoise.Random,
                Scale: "From 0 to 1."
            ),
        };

    public MethodNeeds Needs { get; } = new();

    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        var source = new NoiseSource(options.Seed);
        return MethodScores.Undamped(
            Enumerable
                .Range(0, inputs.Queries)
                .Select(q => Enumerable.Range(0, inputs.Replicates).Select(r => Draw(q, r)).ToArray())
        );

        double[] Draw(int query, int replicate) =>
            [
                .. Enumerable
                    .Range(0, inputs.Scored)
                    .Select(i =>
                        source.Below(new(NoisePurpose.RandomScore, query, replicate), i, Values) / (double)Values
                    ),
            ];
    }
}
