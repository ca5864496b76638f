using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Uncertainty;

internal static class IntraclassCorrelation
{
    /// <summary>
    /// ICC(1) of a one-way random-effects model (Shrout and Fleiss, 1979), (MSB − MSW)/(MSB + (R − 1)·MSW), MSB and MSW
    /// the mean squares between and within n pictures over R noise draws: estimates σ²_pictures/(σ²_pictures +
    /// σ²_noise) of a single noise draw.
    /// </summary>
    /// <param name="count">Takes the first pictures alone: the members.</param>
    /// <returns>0 … 1, negative estimates as 0; null with one draw, one picture, or equal scores.</returns>
    public static double? Compute(QueryScores scores, int count)
    {
        var replicates = scores.ByReplicate.Count;
        if (replicates < 2 || count < 2)
            return null;
        var mean = scores.Mean.Take(count).Average();
        var between =
            Enumerable.Range(0, count).Sum(i => Math.Pow(scores.Mean[i] - mean, 2)) * replicates / (count - 1);
        var within =
            Enumerable
                .Range(0, count)
                .Sum(i => scores.ByReplicate.Sum(values => Math.Pow(values[i] - scores.Mean[i], 2)))
            / (count * (replicates - 1.0));
        var total = between + (replicates - 1) * within;
        return total > 0 ? Math.Max(0, (between - within) / total) : null;
    }
}
