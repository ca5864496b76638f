using System.Numerics.Tensors;
using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Methods;

namespace DasAudit.Core.Attribution.Sets;

/// <summary>Which few pictures a query is owed to most when they are taken together (Hu et al., 2024, "Most influential subset selection").</summary>
public static class MostInfluentialSubset
{
    /// <summary>
    /// From the scores of a method. Adaptive: the next picture is the one with the greatest increment of the set's influence,
    /// τ_i + (2/B)·Σ_b C_b·s_bi with C the sum over the set so far; otherwise pictures are taken by falling score. The scores know no
    /// leverages, so greedy and leverage-adjusted search are the same here.
    /// </summary>
    /// <param name="scores">Of one query.</param>
    /// <param name="count">Chooses among the first rows: the members.</param>
    /// <param name="options">Size, order, when to stop.</param>
    public static InfluentialSubset OfScores(QueryScores scores, int count, SubsetOptions options)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(options);
        var vectors = new PictureVectors(scores, count);
        var sum = new double[vectors.Width];
        return Search(
            count, options,
            i => options.Search == SubsetSearch.Adaptive ? vectors.Increment(sum, i) : vectors.Influence(vectors[i]),
            i =>
            {
                TensorPrimitives.Add(sum, vectors[i], sum);
                return vectors.Influence(sum);
            });
    }

    /// <summary>
    /// From a model linear in its parameters, whose influences are exact. After each pick θ is fitted again without it, by the rank-1
    /// downdate of K⁻¹ in terms of the hat matrix, O(n²) operations: with c = 1/(1 − h_j),
    /// <para>a_i += c·H_ij·a_j,  r_i += c·H_ij·r_j,  H_il += c·H_ij·H_jl.</para>
    /// </summary>
    /// <param name="model">The model; left as it is.</param>
    /// <param name="options">Size, order, when to stop.</param>
    /// <exception cref="AuditException">A picture has leverage 1, so the model without it is not determined.</exception>
    public static InfluentialSubset OfLinearModel(LinearInfluence model, SubsetOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var n = model.Residuals.Length;
        var (a, r, hat) = ((double[])model.Alignment.Clone(), (double[])model.Residuals.Clone(), (double[,])model.Hat.Clone());
        var influence = 0.0;
        var alone = Enumerable.Range(0, n).Select(i => options.Search switch
        {
            SubsetSearch.Greedy => a[i] * r[i],
            SubsetSearch.LeverageAdjusted => a[i] * r[i] * Factor(i),
            _ => 0,
        }).ToArray();
        return Search(n, options, i => options.Search == SubsetSearch.Adaptive ? a[i] * r[i] * Factor(i) : alone[i], Remove);

        double Factor(int i) => 1 - hat[i, i] > 1e-10
            ? 1 / (1 - hat[i, i])
            : throw new AuditException($"Picture {i} has leverage 1, so the model without it is not determined; choose a larger damping.");

        double Remove(int j)
        {
            var factor = Factor(j);
            influence += a[j] * r[j] * factor;
            var row = Enumerable.Range(0, n).Select(i => hat[j, i]).ToArray();
            var (alignment, residual) = (a[j], r[j]);
            for (var i = 0; i < n; i++)
            {
                var scale = row[i] * factor;
                a[i] += scale * alignment;
                r[i] += scale * residual;
                for (var l = 0; l < n; l++) hat[i, l] += scale * row[l];
            }

            return influence;
        }
    }

    private static InfluentialSubset Search(int count, SubsetOptions options, Func<int, double> rate, Func<int, double> take)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Size, 1);
        var left = Enumerable.Range(0, count).ToList();
        var (order, influence) = (new List<int>(), new List<double>());
        while (order.Count < options.Size && left.Count > 0)
        {
            var (best, rating) = left.Select(i => (Picture: i, Rating: rate(i))).MaxBy(pair => pair.Rating);
            if (options.StopAtZero && rating <= 0) break;
            left.Remove(best);
            order.Add(best);
            influence.Add(take(best));
        }

        return new(order, influence);
    }
}
