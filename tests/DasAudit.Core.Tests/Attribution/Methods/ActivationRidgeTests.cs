using DasAudit.Abstractions;
using DasAudit.Core.Activations;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Similarity;
using DasAudit.Core.Features;
using MathNet.Numerics.LinearAlgebra;

namespace DasAudit.Core.Tests.Attribution.Methods;

public class ActivationRidgeTests
{
    private const int Members = 7;
    private const int Timesteps = 3;
    private const int Replicates = 2;

    [Theory]
    [InlineData(20)]
    [InlineData(4)]
    public void Scores_are_mean_squares_over_timesteps_of_coefficients_in_centred_kernels(int length)
    {
        var rows = Pictures(1, Members + 2, length);
        var queries = Pictures(2, 2, length);
        var scores = Score(new(queries, rows, Members));

        Assert.Equal(Timesteps * Replicates, scores.Damping.Count);
        for (var r = 0; r < Replicates; r++)
        {
            var sum = new double[2, Members + 2];
            for (var t = 0; t < Timesteps; t++)
            {
                var pass = r * Timesteps + t;
                var all = Matrix(rows, pass);
                var own = Matrix(queries, pass);
                var mean = all.SubMatrix(0, Members, 0, length).ColumnSums() / Members;
                var x = Centre(all, mean);
                var z = Centre(own, mean);
                // φ(z)ᵀ·(XᵀX + λI)⁻¹·φ_i, formed and inverted.
                var known = x.SubMatrix(0, Members, 0, length);
                var s =
                    z
                    * (
                        known.Transpose() * known + scores.Damping[pass] * Matrix<double>.Build.DenseIdentity(length)
                    ).Inverse()
                    * x.Transpose();
                // A decoy joins the training pictures first, whose mean it moves.
                for (var j = Members; j < Members + 2; j++)
                {
                    var joined = known.Stack(x.SubMatrix(j, 1, 0, length));
                    var more = Centre(joined, joined.ColumnSums() / (Members + 1));
                    var other = Centre(z, joined.ColumnSums() / (Members + 1));
                    s.SetColumn(
                        j,
                        (
                            other
                            * (
                                more.Transpose() * more
                                + scores.Damping[pass] * Matrix<double>.Build.DenseIdentity(length)
                            ).Inverse()
                            * more.Transpose()
                        ).Column(Members)
                    );
                }

                for (var q = 0; q < 2; q++)
                {
                    Tables.Close([.. s.Row(q)], scores.Queries[q].Inner![r][t]);
                    for (var i = 0; i < Members + 2; i++)
                        sum[q, i] += s[q, i] * s[q, i] / Timesteps;
                }
            }

            for (var q = 0; q < 2; q++)
                Tables.Close(
                    [.. Enumerable.Range(0, Members + 2).Select(i => sum[q, i])],
                    scores.Queries[q].ByReplicate[r]
                );
        }
    }

    [Fact]
    public void A_background_picture_of_weight_two_counts_as_two_members()
    {
        var rows = Pictures(1, Members, 10);
        var queries = Pictures(2, 1, 10);
        var weighted = Score(new(queries, rows, Members) { Background = Pictures(3, 2, 10), BackgroundWeight = 2 });
        var repeated = Score(
            new(queries, [.. rows, .. Pictures(3, 2, 10), .. Pictures(3, 2, 10)], Members + 4),
            rows: Members + 4
        );

        // With the same λ the kernels are the same; degrees of freedom depend on the spectrum alone, which is.
        Tables.Close(repeated.Damping, weighted.Damping);
        Tables.Close(repeated.Queries[0].Mean[..Members], weighted.Queries[0].Mean);
    }

    [Fact]
    public void Activations_that_are_all_the_same_are_refused()
    {
        var same = Enumerable.Repeat(Pictures(1, 1, 6)[0], Members + 2).ToList();
        Assert.Contains(
            "the same",
            Assert.Throws<AuditException>(() => Score(new(Pictures(2, 2, 6), same, Members))).Message
        );
    }

    private static MethodScores Score(FeatureTable table, int? rows = null) =>
        new ActivationRidgeMethod().Score(
            Tables.Inputs(table.Members, rows ?? table.Scored.Count, table.Queries.Count, Replicates) with
            {
                Activations = table,
            }
        );

    private static List<PictureFeatures> Pictures(int key, int count, int length) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                    Tables.Picture(
                        ActivationEngine.Kind,
                        [
                            .. Tables
                                .Normals(100 * key + i, Timesteps * Replicates, length)
                                .Select(row => row.Select(v => v + 3).ToArray()),
                        ]
                    )
                ),
        ];

    private static Matrix<double> Matrix(IReadOnlyList<PictureFeatures> pictures, int pass) =>
        Tables.Matrix([.. pictures.Select(picture => picture.Rows[ActivationEngine.Kind][pass])]);

    private static Matrix<double> Centre(Matrix<double> rows, Vector<double> mean) =>
        Matrix<double>.Build.Dense(rows.RowCount, rows.ColumnCount, (i, j) => rows[i, j] - mean[j]);
}
