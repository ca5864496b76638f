using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Uncertainty;

/// <summary>
/// The probability that a picture would be among the N highest if infinitely many noise draws were averaged.
/// <para>
/// Means over R draws are redrawn as x̄ + Σ_r w_r·(x_r − x̄) with w_r = g_r/√(R(R − 1))/√(χ²_{R−1}/(R − 1)), g standard
/// normal: jointly Student-t with R − 1 degrees of freedom around the means, with the covariance that the draws show. A
/// plain bootstrap over as few as four draws would know only 35 outcomes and too small a spread, and a normal
/// approximation picture by picture would ignore that all pictures meet the same noise, which moves them together.
/// </para>
/// </summary>
internal static class TopProbability
{
    /// <summary>One probability a picture; null with a single noise draw.</summary>
    /// <param name="count">Takes the first pictures alone: the members.</param>
    /// <param name="top">N, at least 1.</param>
    /// <param name="draws">Number of redraws; 2000 leave a standard error of at most 0.0112.</param>
    public static double[]? Compute(QueryScores scores, int count, int top, long seed, int draws = 2000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var replicates = scores.ByReplicate.Count;
        if (replicates < 2)
            return null;
        var noise = new NoiseSource(seed);
        var normal = new float[2 * replicates - 1];
        var hits = new int[count];
        var redrawn = new double[count];
        var best = new PriorityQueue<int, (double Score, int Earlier)>();
        for (var draw = 0; draw < draws; draw++)
        {
            noise.Normal(new(NoisePurpose.Resampling, 1, draw), normal);
            var spread = normal[replicates..].Sum(value => (double)value * value) / (replicates - 1);
            var scale = 1 / Math.Sqrt(replicates * (replicates - 1) * spread);
            for (var i = 0; i < count; i++)
            {
                redrawn[i] = scores.Mean[i];
                for (var r = 0; r < replicates; r++)
                    redrawn[i] += normal[r] * scale * (scores.ByReplicate[r][i] - scores.Mean[i]);
            }

            // The best so far, the worst of them in front; of equal scores the first picture is better, as in reports.
            best.Clear();
            for (var i = 0; i < count; i++)
            {
                if (best.Count < top)
                    best.Enqueue(i, (redrawn[i], -i));
                else
                    best.EnqueueDequeue(i, (redrawn[i], -i));
            }

            foreach (var (picture, _) in best.UnorderedItems)
                hits[picture]++;
        }

        return [.. hits.Select(hit => (double)hit / draws)];
    }
}
