using DasAudit.Core.Attribution;
using DasAudit.Core.Features;

namespace DasAudit.Testing;

/// <summary>Features of random numbers for whatever a method needs.</summary>
internal sealed record Case
{
    internal const int Timesteps = 3;
    internal const int Steps = 4;

    internal int Members { get; init; } = 6;

    internal int Dimension { get; init; } = 9;

    internal int Decoys { get; init; }

    internal int Background { get; init; }

    internal int Queries { get; init; } = 1;

    internal int Replicates { get; init; } = 1;

    internal int Checkpoints { get; init; } = 1;

    /// <summary>
    /// <c>random</c>; <c>low rank</c>: of two directions; <c>constant</c>: all pictures alike; <c>duplicates</c>.
    /// </summary>
    internal string Form { get; init; } = "random";

    internal MethodInputs For(IAttributionMethod method) =>
        new()
        {
            Members = Members,
            Scored = Members + Decoys,
            Queries = Queries,
            Replicates = Replicates,
            Features = method.Needs.Features.ToDictionary(
                need => need.Name,
                need => (IReadOnlyList<FeatureTable>)[.. Enumerable.Range(0, Checkpoints).Select(c => Table(need, c))]
            ),
        };

    private FeatureTable Table(FeatureNeed need, int checkpoint) =>
        new(
            [
                .. Enumerable
                    .Range(0, Queries)
                    .Select(q =>
                        Picture(
                            need,
                            need.QueryKinds ?? need.Kinds,
                            checkpoint,
                            1000 + q,
                            need.Trajectory ? Steps : Timesteps
                        )
                    ),
            ],
            [
                .. Enumerable
                    .Range(0, Members + Decoys)
                    .Select(i => Picture(need, need.Kinds, checkpoint, Key(i), Timesteps)),
            ],
            Members
        )
        {
            Background =
            [
                .. Enumerable
                    .Range(0, Background)
                    .Select(i => Picture(need, need.Kinds, checkpoint, 500 + i, Timesteps)),
            ],
            BackgroundWeight = 3,
            LearningRate = 0.5 + checkpoint,
        };

    private int Key(int i) =>
        Form switch
        {
            "constant" => 1,
            "duplicates" => 1 + i / 2,
            _ => 1 + i,
        };

    private PictureFeatures Picture(
        FeatureNeed need,
        IReadOnlyList<FeatureKind> kinds,
        int checkpoint,
        int key,
        int timesteps
    )
    {
        var draws = Replicates * need.DrawsPerReplicate;
        return new()
        {
            Rows = kinds.ToDictionary(
                kind => kind,
                kind => Enumerable.Range(0, kind.Rows(draws, timesteps)).Select(row => Feature(kind, row)).ToArray()
            ),
            SquaredErrors = [.. Enumerable.Range(0, draws).Select(r => Positive(r, 70))],
            GradientNorms = new Dictionary<string, double[][]>
            {
                ["mean"] = [.. Enumerable.Range(0, draws).Select(r => Positive(r, 80))],
            },
            TangentTargets = kinds
                .Where(kind => kind.Function.StartsWith("picture-probe", StringComparison.Ordinal))
                .ToDictionary(
                    kind => kind.Function,
                    kind => Enumerable.Range(0, draws).Select(r => Targets(kind, r)).ToArray()
                ),
        };

        float[] Feature(FeatureKind kind, int row)
        {
            var stream = 100 * row + kind.ToString().Sum(character => character) % 97;
            if (Form != "low rank")
                return RandomNumbers.Normal(key, Dimension, stream, checkpoint);
            var weights = RandomNumbers.Normal(key, 2, stream, checkpoint);
            var first = RandomNumbers.Normal(901, Dimension, stream, checkpoint);
            var second = RandomNumbers.Normal(902, Dimension, stream, checkpoint);
            return [.. first.Zip(second, (x, y) => weights[0] * x + weights[1] * y)];
        }

        // What a linear model of the feature gives, and noise.
        double[] Targets(FeatureKind kind, int draw)
        {
            return
            [
                .. RandomNumbers
                    .Normal(key, timesteps, 90 + kind.Function[^1], draw)
                    .Select((noise, t) => (double)(Signal(kind.Apart ? (draw * timesteps) + t : draw) + 4 * noise)),
            ];

            float Signal(int row) =>
                Feature(kind, row).Zip(RandomNumbers.Normal(900, Dimension), (x, w) => x * w).Sum();
        }

        double[] Positive(int replicate, int stream) =>
            [.. RandomNumbers.Normal(key, timesteps, stream, replicate).Select(value => Math.Abs(value) + 0.1)];
    }
}
