using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>Features given as they are, of one noise draw and one query.</summary>
internal static class Single
{
    internal static PictureFeatures Picture(
        double[]? squaredErrors = null,
        params (FeatureKind Kind, double[][] Rows)[] features
    ) =>
        new()
        {
            Rows = features.ToDictionary(
                feature => feature.Kind,
                feature => feature.Rows.Select(row => row.Select(Exact).ToArray()).ToArray()
            ),
            SquaredErrors = [squaredErrors ?? [1]],
            GradientNorms = new Dictionary<string, double[][]>(),
        };

    internal static MethodScores Score(
        IAttributionMethod method,
        PictureFeatures query,
        IReadOnlyList<PictureFeatures> members,
        MethodOptions options
    ) =>
        method.Score(
            new()
            {
                Members = members.Count,
                Scored = members.Count,
                Replicates = 1,
                Features = method.Needs.Features.ToDictionary(
                    need => need.Name,
                    _ => (IReadOnlyList<FeatureTable>)[new([query], members, members.Count)]
                ),
            },
            options,
            CancellationToken.None
        );

    // Features are kept in single precision: tests that claim more digits must choose numbers that single precision
    // holds.
    private static float Exact(double value)
    {
        Assert.Equal(value, (double)(float)value);
        return (float)value;
    }
}
