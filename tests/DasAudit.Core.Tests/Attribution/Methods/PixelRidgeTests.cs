using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Similarity;
using MathNet.Numerics.LinearAlgebra;

namespace DasAudit.Core.Tests.Attribution.Methods;

public class PixelRidgeTests
{
    private const int Members = 12;

    private static readonly List<float[]> Rows = Tables.Normals(1, Members + 3, 20);
    private static readonly List<float[]> Queries =
    [
        Tables.Normal(50, 20),
        [.. Rows[4].Select(value => value + 0.05f)],
    ];

    [Fact]
    public void Scores_of_members_are_squared_coefficients_of_the_kernel_written_out()
    {
        var (kernel, bandwidth) = Kernel(Rows[..Members]);
        var scores = Score(Queries, Rows);
        var inverse = Inverse(kernel, scores.Damping.Single());
        for (var q = 0; q < 2; q++)
        {
            var a = inverse * Values(Queries[q], Rows[..Members], bandwidth);
            Tables.Close([.. a.Select(value => value * value)], scores.Queries[q].Mean[..Members]);
            Tables.Close([.. a], scores.Queries[q].Inner![0][0][..Members]);
        }

        // λ has a tenth of the degrees of freedom.
        Assert.Equal(0.1 * Members, (kernel * inverse).Trace(), 1e-6);
    }

    [Fact]
    public void The_score_is_the_rise_of_the_posterior_variance_but_for_the_leverage()
    {
        var (kernel, bandwidth) = Kernel(Rows[..Members]);
        var scores = Score(Queries, Rows[..Members]);
        var lambda = scores.Damping.Single();
        var hat = kernel * Inverse(kernel, lambda);
        foreach (var (q, query) in Queries.Index())
        {
            double Variance(IReadOnlyList<float[]> known)
            {
                var values = Values(query, known, bandwidth);
                return 1 - values * (Inverse(Gram(known, bandwidth), lambda) * values);
            }

            for (var i = 0; i < Members; i++)
            {
                var rise = Variance([.. Rows[..Members].Where((_, j) => j != i)]) - Variance(Rows[..Members]);
                Assert.Equal(rise, scores.Queries[q].Mean[i] * lambda / (1 - hat[i, i]), 1e-12);
            }
        }
    }

    [Fact]
    public void Decoys_are_scored_as_if_they_were_members_and_change_no_member()
    {
        var with = Score(Queries, Rows);
        var without = Score(Queries, Rows[..Members]);
        var (_, bandwidth) = Kernel(Rows[..Members]);
        var lambda = with.Damping.Single();
        Assert.Equal(without.Damping.Single(), lambda, 1e-12);
        Tables.Close(without.Queries[0].Mean, with.Queries[0].Mean[..Members]);
        for (var j = Members; j < Rows.Count; j++)
        {
            // The last coefficient of a kernel that holds j as well.
            List<float[]> joined = [.. Rows[..Members], Rows[j]];
            var a = Inverse(Gram(joined, bandwidth), lambda) * Values(Queries[0], joined, bandwidth);
            Assert.Equal(a[Members], with.Queries[0].Inner![0][0][j], 1e-9);
        }
    }

    [Fact]
    public void A_near_copy_of_the_query_comes_first()
    {
        var scores = Score(Queries, Rows).Queries[1].Mean;
        Assert.Equal(4, Array.IndexOf(scores, scores.Max()));
    }

    [Fact]
    public void Copies_share_what_one_would_have_and_a_set_of_copies_is_scored()
    {
        var scores = Score(Queries, [.. Rows[..Members], Rows[4]]).Queries[1].Mean;
        Assert.Equal(scores[4], scores[Members], 1e-9);
        // All distances are zero, and one picture alone has none.
        Assert.All(
            Score(Queries, [Rows[0], Rows[0], Rows[0]]).Queries[0].Mean,
            value => Assert.True(double.IsFinite(value))
        );
        Assert.True(Score([Rows[0]], [Rows[0]]).Queries[0].Mean[0] > 0);
    }

    private static MethodScores Score(List<float[]> queries, List<float[]> rows) =>
        new PixelRidgeMethod().Score(
            Tables.OfPixels(queries, rows, Math.Min(rows.Count, rows.Count == Rows.Count ? Members : rows.Count))
        );

    private static (Matrix<double> Kernel, double Bandwidth) Kernel(IReadOnlyList<float[]> pictures)
    {
        var distances = new List<double>();
        for (var i = 0; i < pictures.Count; i++)
        for (var j = 0; j < i; j++)
            distances.Add(Math.Sqrt(SquaredDistance(pictures[i], pictures[j])));
        distances.Sort();
        var bandwidth = (distances[(distances.Count - 1) / 2] + distances[distances.Count / 2]) / 2;
        return (Gram(pictures, bandwidth), bandwidth);
    }

    private static Matrix<double> Gram(IReadOnlyList<float[]> pictures, double bandwidth) =>
        Matrix<double>.Build.Dense(
            pictures.Count,
            pictures.Count,
            (i, j) => Math.Exp(-SquaredDistance(pictures[i], pictures[j]) / (2 * bandwidth * bandwidth))
        );

    private static Vector<double> Values(float[] picture, IReadOnlyList<float[]> others, double bandwidth) =>
        Vector<double>.Build.Dense(
            others.Count,
            i => Math.Exp(-SquaredDistance(picture, others[i]) / (2 * bandwidth * bandwidth))
        );

    private static Matrix<double> Inverse(Matrix<double> kernel, double lambda) =>
        (kernel + lambda * Matrix<double>.Build.DenseIdentity(kernel.RowCount)).Inverse();

    private static double SquaredDistance(float[] x, float[] y) => x.Zip(y, (a, b) => Math.Pow((double)a - b, 2)).Sum();
}
