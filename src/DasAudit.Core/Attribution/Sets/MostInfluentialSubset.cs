using System.Numerics.Tensors;
using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Attribution.Sets;

/// <summary>The pictures that matter most together (Hu et al., 2024, "Most influential subset selection").</summary>
internal static class MostInfluentialSubset
{
    /// <summary>
    /// From the scores of a method. Adaptive: the next picture is the one with the greatest increment of the set's
    /// influence, τ_i + (2/B)·Σ_b C_b·s_bi with C the sum over the set so far; otherwise pictures are taken by falling
    /// score. The scores know no leverages, so greedy and leverage-adjusted search are the same here.
    /// </summary>
    /// <param name="count">Chooses among the first pictures: the members.</param>
    public static InfluentialSubset OfScores(QueryScores scores, int count, SubsetOptions options)
    {
        var vectors = new PictureVectors(scores, count);
        var sum = new double[vectors.Width];
        return Search(
            count,
            options,
            i => options.Search == SubsetSearch.Adaptive ? vectors.Increment(sum, i) : vectors.Influence(vectors[i]),
            i =>
            {
                TensorPrimitives.Add(sum, vectors[i], sum);
                return vectors.Influence(sum);
            }
        );
    }

    /// <summary>
    /// From influences that are exact for a model linear in its parameters. After each pick θ is fitted again without
    /// it, in every kernel, by the rank-1 downdate of K⁻¹ in terms of the hat matrix: with c = 1/(1 − h_j),
    /// <para>a_i += c·H_ij·a_j,  r_i += c·H_ij·r_j,  H_il += c·H_ij·H_jl.</para>
    /// Of H only the diagonal and the column of the next pick are ever needed, so the m-th pick takes O(n·m) operations
    /// a kernel. The next picture is the one that raises the set's influence most; with squares that may be one that
    /// pulls either way alone, and the search stops where every other one would cancel more than it adds.
    /// </summary>
    public static InfluentialSubset OfRefits(RefitInfluence model, SubsetOptions options)
    {
        var kernels = model.Kernels.Select(kernel => new Downdate(kernel)).ToArray();
        var alone = Enumerable
            .Range(0, model.Count)
            .Select(i =>
                options.Search switch
                {
                    SubsetSearch.Greedy => kernels.Average(kernel => model.Influence(kernel.FirstOrder(i))),
                    SubsetSearch.LeverageAdjusted => kernels.Average(kernel => model.Influence(kernel.Change(i))),
                    _ => 0,
                }
            )
            .ToArray();
        return Search(
            model.Count,
            options,
            i =>
                options.Search == SubsetSearch.Adaptive
                    ? kernels.Average(kernel => Increment(kernel.Taken, kernel.Change(i)))
                    : alone[i],
            j =>
            {
                foreach (var kernel in kernels)
                    kernel.Take(j);
                return kernels.Average(kernel => model.Influence(kernel.Taken));
            }
        );

        // (A + δ)² − A² without the rounding of A².
        double Increment(double taken, double change) =>
            model.Effect == SetEffect.SquaredChange ? change * (2 * taken + change) : change;
    }

    private static InfluentialSubset Search(
        int count,
        SubsetOptions options,
        Func<int, double> rate,
        Func<int, double> take
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Size, 1);
        var left = Enumerable.Range(0, count).ToList();
        var order = new List<int>();
        var influence = new List<double>();
        while (order.Count < options.Size && left.Count > 0)
        {
            var (best, rating) = left.Select(i => (Picture: i, Rating: rate(i))).MaxBy(rated => rated.Rating);
            if (options.StopAtZero && rating <= 0)
                break;
            left.Remove(best);
            order.Add(best);
            influence.Add(take(best));
        }

        return new(order, influence);
    }
}
