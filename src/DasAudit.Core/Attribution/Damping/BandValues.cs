using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>What a formula gives with each λ of a band; a single λ is a band of one.</summary>
/// <param name="byDamping">
/// For each λ float64 [m·queries, scored pictures], m rows of all queries one after the other; members come first.
/// </param>
internal sealed class BandValues(IReadOnlyList<Tensor> byDamping)
{
    /// <summary>The values of each λ.</summary>
    public IReadOnlyList<Tensor> ByDamping => byDamping;

    /// <summary>Values on one scale, see <see cref="BandAverage"/>, for which decoys do not count.</summary>
    /// <param name="byDamping">For each λ float64 [m, scored pictures].</param>
    /// <param name="members">Number of members.</param>
    public static BandValues OneScale(IReadOnlyList<Tensor> byDamping, int members)
    {
        if (byDamping.Count == 1)
            return new(byDamping);
        var factors = Enumerable
            .Range(0, (int)byDamping[0].shape[0])
            .Select(row => BandAverage.Factors([.. byDamping.Select(values => Members(values[row], members))]))
            .ToList();
        return new([
            .. byDamping.Select(
                (values, l) => values * tensor(factors.Select(factor => factor[l]).ToArray()).unsqueeze(1)
            ),
        ]);
    }

    /// <summary>The mean over λ.</summary>
    public Tensor Mean() => stack(byDamping).mean([0L]);

    /// <summary>What the members' scores of the first query come to with each λ, [λ][member].</summary>
    /// <param name="queries">Number of queries.</param>
    /// <param name="members">Number of members.</param>
    /// <param name="squared">Whether scores are squares of the values.</param>
    public double[][] OfFirstQuery(int queries, int members, bool squared) =>
        [
            .. byDamping.Select(values =>
            {
                var first = values.view(-1, queries, values.shape[1]).select(1, 0).narrow(1, 0, members);
                return (squared ? first.square() : first).mean([0L]).data<double>().ToArray();
            }),
        ];

    private static double[] Members(Tensor values, int members) =>
        values.narrow(0, 0, members).contiguous().data<double>().ToArray();
}
