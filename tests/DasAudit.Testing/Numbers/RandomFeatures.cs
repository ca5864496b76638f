using DasAudit.Core.Attribution;
using DasAudit.Core.Features;

namespace DasAudit.Testing;

/// <summary>Features made of random numbers, and short names for what tests look at.</summary>
internal static class RandomFeatures
{
    internal static List<PictureFeatures> Pictures(int count, int dimension, int replicates) =>
        [.. Enumerable.Range(0, count).Select(i => Random(dimension, 1 + i, replicates))];

    internal static PictureFeatures Random(int dimension, int key, int replicates = 1)
    {
        return Of(Normal(1), Normal(2), Positive(3), Positive(4));

        float[][] Normal(int stream) =>
            [.. Enumerable.Range(0, replicates).Select(r => RandomNumbers.Normal(key, dimension, stream, r))];

        double[][] Positive(int stream) =>
            [.. Enumerable.Range(0, replicates).Select(r => Timesteps(RandomNumbers.Normal(key, 3, stream, r)))];

        static double[] Timesteps(float[] values) => [.. values.Select(value => Math.Abs(value) + 0.1)];
    }

    internal static PictureFeatures Of(float[][] output, float[][] loss, double[][] errors, double[][] norms) =>
        new()
        {
            Rows = new Dictionary<FeatureKind, float[][]>
            {
                [FeatureKind.UnitMean] = output,
                [FeatureKind.UnitLoss] = loss,
            },
            SquaredErrors = errors,
            GradientNorms = new Dictionary<string, double[][]> { ["mean"] = norms, ["loss"] = norms },
        };

    internal static float[] Output(this PictureFeatures features, int replicate = 0) =>
        features.Rows[FeatureKind.UnitMean][replicate];

    internal static float[] Loss(this PictureFeatures features, int replicate = 0) =>
        features.Rows[FeatureKind.UnitLoss][replicate];

    internal static double[] Norms(this PictureFeatures features, int replicate = 0) =>
        features.GradientNorms["mean"][replicate];

    /// <summary>One noise draw alone.</summary>
    internal static PictureFeatures Draw(this PictureFeatures features, int replicate) =>
        Of(
            [features.Output(replicate)],
            [features.Loss(replicate)],
            [features.SquaredErrors[replicate]],
            [features.Norms(replicate)]
        );

    /// <summary>Other features of the mean prediction.</summary>
    internal static PictureFeatures WithOutput(this PictureFeatures features, Func<float, float> change) =>
        Of(
            [
                [.. features.Output().Select(change)],
            ],
            [features.Loss()],
            features.SquaredErrors,
            [features.Norms()]
        );

    /// <summary>A method that looks at one table of features, whatever it calls it.</summary>
    internal static MethodScores Score(
        IAttributionMethod method,
        PictureFeatures query,
        IReadOnlyList<PictureFeatures> candidates,
        MethodOptions? options = null
    ) =>
        method.Score(
            new()
            {
                Members = candidates.Count,
                Scored = candidates.Count,
                Replicates = query.SquaredErrors.Length,
                Features = method.Needs.Features.ToDictionary(
                    need => need.Name,
                    _ => (IReadOnlyList<FeatureTable>)[new([query], candidates, candidates.Count)]
                ),
            },
            options ?? new(),
            CancellationToken.None
        );
}
