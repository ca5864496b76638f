using DasAudit.Core.Retraining;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Evaluation;

/// <summary>Holds what methods predict against one truth.</summary>
internal static class LdsMeasure
{
    /// <param name="parts">M; errors come part by part for the first training seed, then for the next.</param>
    public static LdsTarget Of(
        TruthTarget target,
        EvaluationCourt court,
        int parts,
        IReadOnlyList<QueryErrors> errors,
        IReadOnlyList<MethodReading<double[]>> predictions
    )
    {
        double[][][] bySeed = [.. errors.Chunk(parts).Select(ofSeed => Losses(target, court, ofSeed))];
        var bootstrap = new LdsBootstrap(Left(bySeed), court.Request.BootstrapDraws, court.Request.Truth.Seed);
        var measured = predictions.Select(predicted => (predicted, Draws: bootstrap.Of(predicted.OfQueries))).ToList();
        var reference = measured[0];
        return new(
            target.Name,
            target.Meaning,
            SeedAgreement(bySeed),
            Ceiling(bySeed),
            [
                .. measured
                    .Select(method => Score(method.predicted, method.Draws, court))
                    .OrderByDescending(method => method.Lds),
            ],
            [.. measured.Skip(1).Select(method => Difference(method.predicted, method.Draws, reference, court))]
        );
    }

    private static MethodLds Score(MethodReading<double[]> predicted, BootstrapDraws draws, EvaluationCourt court)
    {
        var all = draws.Mean(court.All);
        return new(
            predicted.Variant.Id,
            all.Value,
            all.Low,
            all.High,
            MeanOf(court.Generated),
            MeanOf(court.HeldOut),
            predicted.Damping
        );

        double? MeanOf(IReadOnlyList<int> queries) =>
            queries.Count == 0 ? null : queries.Average(q => draws.ByQuery[q]);
    }

    private static LdsDifference Difference(
        MethodReading<double[]> predicted,
        BootstrapDraws draws,
        (MethodReading<double[]> Predicted, BootstrapDraws Draws) reference,
        EvaluationCourt court
    )
    {
        var above = draws.Above(reference.Draws, court.All);
        var (id, referenceId) = (predicted.Variant.Id, reference.Predicted.Variant.Id);
        return new(id, referenceId, above.Value, above.Low, above.High);
    }

    // [query][part]
    private static double[][] Losses(TruthTarget target, EvaluationCourt court, QueryErrors[] errors) =>
        [
            .. court.All.Select(q =>
                errors.Select(ofModel => target.Of(ofModel.Losses[q], ofModel.Changes[q])).ToArray()
            ),
        ];

    // Minus the mean over training seeds, [query][part].
    private static double[][] Left(double[][][] bySeed) =>
        [
            .. Enumerable
                .Range(0, bySeed[0].Length)
                .Select(q =>
                    Enumerable.Range(0, bySeed[0][q].Length).Select(part => -bySeed.Average(s => s[q][part])).ToArray()
                ),
        ];

    private static double? SeedAgreement(double[][][] bySeed)
    {
        var pairs = Enumerable
            .Range(0, bySeed.Length)
            .SelectMany(a => Enumerable.Range(a + 1, bySeed.Length - a - 1).Select(b => (bySeed[a], bySeed[b])))
            .ToList();
        return pairs.Count == 0
            ? null
            : pairs.Average(pair => pair.Item1.Zip(pair.Item2, (a, b) => Ranking.Spearman(a, b)).Average());
    }

    // Spearman–Brown: the agreement of a mean over S seeds with another such mean.
    private static double? Ceiling(double[][][] bySeed)
    {
        if (SeedAgreement(bySeed) is not { } agreement)
            return null;
        var ofMeans = bySeed.Length * agreement / (1 + (bySeed.Length - 1) * agreement);
        return Math.Sqrt(Math.Max(0, ofMeans));
    }
}
