using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Similarity;

/// <summary>
/// Ridge regression in a pixel kernel, squared: a baseline without a model that every table of methods must show.
/// <para>τ(z, i) = a_i²,  a = k_z·(K + λI)⁻¹,  k(x, y) = exp(−‖x − y‖²/(2σ²)),</para>
/// σ the median distance of two members. a_i²·λ/(1 − h_i) is the rise of a Gaussian process's posterior variance at z
/// when i is left out. A decoy is scored as if it were a member: a_j = s_j/(1 + h_j) with
/// s_j = (k(z, j) − k_z·(K + λI)⁻¹·k_j)/λ and h_j the same with j for z.
/// </summary>
internal sealed class PixelRidgeMethod : IAttributionMethod
{
    public MethodDescription Description { get; } =
        new("pixel-ridge", "Pixel kernel ridge, squared", "das-audit", "no gradients")
        {
            Damping = DampingRules.Default,
            Scores = new(
                "How much the training picture counts, among all of them, where the audited picture is guessed from "
                    + "those with similar pixels. Never negative.",
                LargerMeans: "the training picture tells more about the audited picture to one who compares pixels "
                    + "and knows no model",
                Kind: ScoreKind.Resemblance,
                Noise: ScoreNoise.None
            ),
        };

    public MethodNeeds Needs { get; } = new() { Pixels = true };

    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        var (queries, scored) = Pixels.Of(inputs, Description.Id);
        return ScoreSheet.Fill(
            inputs,
            options,
            replicates: 1,
            (sheet, _) => Score(queries, scored, inputs.Members, options, sheet),
            cancellation
        );
    }

    private void Score(
        IReadOnlyList<float[]> queries,
        IReadOnlyList<float[]> scored,
        int members,
        MethodOptions options,
        ScoreSheet sheet
    )
    {
        var distances = SquaredDistances(scored, scored);
        var bandwidth = Bandwidth(distances.narrow(0, 0, members).narrow(1, 0, members));
        var amongScored = Values(distances, bandwidth);
        var ofQueries = Values(SquaredDistances(queries, scored), bandwidth);
        using var kernel = RidgeKernel.OfGram(amongScored.narrow(0, 0, members).narrow(1, 0, members));
        var dampings = (options.Damping ?? Description.Damping!).Choose(new(kernel) { Method = Description.Id });
        using var queryRows = kernel.Project(ofQueries.narrow(1, 0, members));
        sheet.AddKernel(kernel, dampings, queryRows, recalled: null);
        sheet.AddRefits(kernel, dampings, SetEffect.Variance, lambda => Refit(kernel, ofQueries, members, lambda));

        var decoys = scored.Count - members;
        using var decoyRows = kernel.Project(amongScored.narrow(0, members, decoys).narrow(1, 0, members));
        var amongDecoys = amongScored.narrow(0, members, decoys).narrow(1, members, decoys);
        var values = new BandValues([
            .. dampings.Select(lambda =>
            {
                // a = k_z·(K + λI)⁻¹ of members, and a_j = s_j/(1 + h_j) of decoys
                var leverages = kernel.Between(decoyRows, decoyRows, amongDecoys, lambda).diagonal();
                var ofDecoys = kernel.Between(queryRows, decoyRows, ofQueries.narrow(1, members, decoys), lambda);
                return cat([kernel.WithMembers(queryRows, lambda), ofDecoys / (1 + leverages)], 1);
            }),
        ]);
        sheet.AddBand(values, squared: true);
        sheet.AddSquares(values.ByDamping, addUp: true);
    }

    private static LinearInfluence Refit(RidgeKernel kernel, Tensor ofQueries, int members, double damping)
    {
        using var first = kernel.Project(ofQueries.narrow(0, 0, 1).narrow(1, 0, members));
        return LinearInfluence.Of(kernel, first, kernel.Members(members), damping, residuals: null);
    }

    // The median distance of two members; where most are copies the mean of the rest, and 1 where there is no other.
    private static double Bandwidth(Tensor squaredDistances)
    {
        var n = squaredDistances.shape[0];
        var above = triu_indices(n, n, 1);
        var distances = squaredDistances
            .contiguous()[TensorIndex.Tensor(above[0]), TensorIndex.Tensor(above[1])]
            .sqrt()
            .data<double>()
            .ToArray();
        Array.Sort(distances);
        var median =
            distances.Length == 0 ? 0 : (distances[(distances.Length - 1) / 2] + distances[distances.Length / 2]) / 2;
        return median > 0 ? median : distances.Where(distance => distance > 0).DefaultIfEmpty(1).Average();
    }

    private static Tensor SquaredDistances(IReadOnlyList<float[]> left, IReadOnlyList<float[]> right)
    {
        var norms = Pixels.SquaredNorms(left).unsqueeze(1) + Pixels.SquaredNorms(right);
        var squares = norms - 2 * Pixels.Products(left, right);
        // Two equal pictures have no distance, whatever rounding leaves.
        return squares.where(squares.gt(norms * 1e-12), zeros_like(squares));
    }

    private static Tensor Values(Tensor squaredDistances, double bandwidth) =>
        (squaredDistances / (-2 * bandwidth * bandwidth)).exp();
}
