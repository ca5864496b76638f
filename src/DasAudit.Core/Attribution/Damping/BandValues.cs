using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>What a formula gives with each λ of a band; a single λ is a band of one.</summary>
/// <param name="byDamping">By λ [m·queries, scored pictures], m rows of all queries in turn, members first.</param>
internal sealed class BandValues(IReadOnlyList<Tensor> byDamping)
{
    public IReadOnlyList<Tensor> ByDamping => byDamping;

    /// <summary>Values on one scale, see <see cref="BandAverage"/>, for which decoys do not count.</summary>
    /// <param name="byDamping">For each λ float64 [m, scored pictures].</param>
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

    public Tensor Mean() => stack(byDamping).mean([0L]);

    /// <summary>What the members' scores of the first query, values or their squares, come to: [λ][member].</summary>
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
