using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution;

/// <summary>The scores of a method.</summary>
/// <param name="Damping">λ of each kernel, in order of replicate; empty for methods without a kernel.</param>
internal sealed record MethodScores(IReadOnlyList<QueryScores> Queries, IReadOnlyList<double> Damping)
{
    /// <summary>What other dampings give the first query; null if not asked for or without kernels.</summary>
    public IReadOnlyList<DampingPoint>? Curve { get; init; }

    /// <summary>How far members' scores for the first query depend on λ in a band; null for a single λ.</summary>
    public BandScores? Band { get; init; }

    /// <summary>
    /// What leaving out sets of members would change for the first query, exactly in the linearised model. Null unless
    /// asked for, for methods whose score is no such change, for a band of λ, where λ is below 1e-8 of the kernel's
    /// greatest eigenvalue, and where hat matrices would have more than <see cref="RefitInfluence.MostValues"/> values.
    /// </summary>
    public RefitInfluence? Refits { get; init; }

    /// <summary>Scores, [query][replicate][scored picture], of a method without a kernel.</summary>
    internal static MethodScores Undamped(IEnumerable<IReadOnlyList<double[]>> queries) =>
        new([.. queries.Select(byReplicate => new QueryScores(byReplicate))], []);

    /// <summary>Scores, float64 [queries, scored pictures], of a method without a kernel and without noise.</summary>
    internal static MethodScores Undamped(Tensor scores)
    {
        using var scope = NewDisposeScope();
        return Undamped(
            scores
                .unbind()
                .Select(query =>
                    (double[][])
                        [
                            [.. query.contiguous().data<double>()],
                        ]
                )
        );
    }
}
