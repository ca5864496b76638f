using System.Globalization;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Attribution.Methods.Baselines;

/// <summary>
/// Uniform scores in [0, 1): what chance achieves. They follow from the seed and the query's pixels, so that each query
/// has a ranking of its own, whatever others it is scored with.
/// </summary>
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
        var hashes =
            inputs.QueryHashes
            ?? throw new AuditException("The method random draws by each query's pixels; let audit give their hashes.");
        return MethodScores.Undamped(hashes.Select(hash => Draws(inputs, options.Seed ^ FirstBits(hash))));
    }

    private static double[][] Draws(MethodInputs inputs, long seed)
    {
        var source = new NoiseSource(seed);
        return
        [
            .. Enumerable
                .Range(0, inputs.Replicates)
                .Select(replicate => new NoiseAddress(NoisePurpose.RandomScore, 0, replicate))
                .Select(address =>
                    Enumerable
                        .Range(0, inputs.Scored)
                        .Select(i => source.Below(address, i, Values) / (double)Values)
                        .ToArray()
                ),
        ];
    }

    private static long FirstBits(string hash) =>
        (long)ulong.Parse(hash.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
