using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Attribution.Sets;

/// <summary>
/// How much a query is owed to several pictures together. For mean squares of changes τ_i = (1/B)·Σ_b s_bi², the
/// changes that pictures make to the prediction add up and their squares do not: T(R) = (1/B)·Σ_b (Σ_{i∈R} s_bi)², or
/// (1/B)·Σ_b (Σ_{i∈R} s_bi)·(Σ_{i∈R} s′_bi) where s′ comes from another noise draw. So ten copies of a picture count a
/// hundred times as much as one, and two that pull in opposite directions count for little: the prediction would hardly
/// move were both gone. Other scores add up themselves, also those whose squares are the rise of a variance when a
/// picture is forgotten: a_Rᵀ·(I − H_RR)⁻¹·a_R, which is Σ_{i∈R} a_i² and more the more the pictures stand in for each
/// other (<see cref="LinearInfluence"/>).
/// </summary>
internal static class SetInfluence
{
    /// <summary>The influence of a set of pictures, each once, with its uncertainty.</summary>
    public static SetInfluenceEstimate Of(QueryScores scores, IReadOnlyCollection<int> set)
    {
        var values = ByReplicate(scores, set);
        var mean = values.Average();
        double? error =
            values.Length < 2
                ? null
                : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length);
        return new(mean, error, Unbiased(scores, set));
    }

    /// <summary>T(R) in each noise draw.</summary>
    public static double[] ByReplicate(QueryScores scores, IReadOnlyCollection<int> set)
    {
        return scores is { AddsUp: false, Inner: { } inner }
            ?
            [
                .. inner.Zip(
                    scores.Partners ?? inner,
                    (draw, partners) => draw.Zip(partners, (s, t) => Sum(s, set) * Sum(t, set)).Average()
                ),
            ]
            : [.. scores.ByReplicate.Select(values => Sum(values, set))];
    }

    /// <summary>
    /// T(R) from products of independent noise draws in place of squares, which noise does not inflate:
    /// (1/B)·Σ_b [(Σ_r S_rb)² − Σ_r S_rb²]/(R(R − 1)) with S_rb = Σ_{i∈R} s_rbi. Null with a single noise draw; the
    /// mean, unbiased as it is, for scores that add up or are products of two noise draws already.
    /// <para>
    /// A square of a noisy sum is too large by the sum's variance, which grows with the number of pictures. That
    /// matters where large groups of pictures without influence stand beside small ones, and where a set's influence is
    /// to be told from zero, not for comparisons of sets of equal size. Products can be negative where the truth is
    /// about zero. They need the b-th inner scores of all draws to look along the same direction of the prediction, as
    /// those of methods with a fixed output function do.
    /// </para>
    /// </summary>
    public static double? Unbiased(QueryScores scores, IReadOnlyCollection<int> set)
    {
        var replicates = scores.ByReplicate.Count;
        if (scores.Partners is null && replicates < 2)
            return null;
        if (scores is not { AddsUp: false, Inner: { } inner } || scores.Partners is not null)
            return ByReplicate(scores, set).Average();
        return Enumerable
            .Range(0, inner[0].Length)
            .Average(b =>
            {
                var sums = inner.Select(draw => Sum(draw[b], set)).ToList();
                return (Square(sums.Sum()) - sums.Sum(Square)) / (replicates * (replicates - 1.0));
            });
    }

    private static double Sum(double[] values, IReadOnlyCollection<int> set) => set.Sum(i => values[i]);

    private static double Square(double value) => value * value;
}

/// <summary>Of a set of pictures, in the units of a score.</summary>
/// <param name="StandardError">Over noise draws; null with a single one.</param>
/// <param name="Unbiased">See <see cref="SetInfluence.Unbiased"/>.</param>
internal sealed record SetInfluenceEstimate(double Influence, double? StandardError, double? Unbiased);
