using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;
using MathNet.Numerics.LinearAlgebra;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>
/// das-loo of a model linear in its parameters is what leaving the picture out and fitting anew gives, to the last
/// digits.
/// </summary>
public class DasLooRefitTests
{
    [Theory]
    [InlineData(12, 5, 0.1)]
    [InlineData(12, 5, 20)]
    [InlineData(7, 15, 30)]
    [InlineData(10, 10, 25)]
    public void Scores_are_the_squared_changes_of_the_prediction_after_exact_refits(
        int count,
        int dimension,
        double lambda
    )
    {
        var phi = Matrix<double>.Build.Dense(
            count,
            dimension,
            (i, j) => Math.Round(8 * Math.Sin(1 + i * i + 3.7 * j)) / 4
        );
        var targets = Vector<double>.Build.Dense(count, i => Math.Cos(1.3 * i) + 0.1 * i);
        var query = Vector<double>.Build.Dense(dimension, j => Math.Round(8 * Math.Cos(j * j)) / 4);
        var fitted = Fit(phi, targets, lambda);
        var residuals = targets - phi * fitted;

        var members = Enumerable.Range(0, count).Select(i => Picture(phi.Row(i).ToArray(), residuals[i])).ToList();
        var scores = Single.Score(
            new DasLooMethod(),
            Picture(query.ToArray(), 1),
            members,
            new() { Residual = ResidualKind.Rms, Damping = new Damped(lambda) }
        );

        var changes = Enumerable
            .Range(0, count)
            .Select(i => query * (fitted - Fit(phi.RemoveRow(i), Without(targets, i), lambda)))
            .ToArray();
        for (var i = 0; i < count; i++)
            Assert.Equal(
                Math.Pow(changes[i], 2),
                scores.Queries[0].Mean[i],
                1e-8 * changes.Max(change => change * change)
            );
    }

    [Fact]
    public void Leverages_that_so_little_damping_leaves_without_meaning_are_refused()
    {
        var inputs = new Case { Members = 6, Dimension = 40 }.For(new DasLooMethod());
        var error = Assert.Throws<AuditException>(() =>
            new DasLooMethod().Score(inputs, new() { Damping = new DegreesOfFreedom(0.6) }, CancellationToken.None)
        );
        Assert.Contains("{damping} df:0.1", error.Message);
        _ = new DasLooMethod().Score(inputs, new() { Damping = new DegreesOfFreedom(0.4) }, CancellationToken.None);
    }

    [Fact]
    public void A_picture_that_stands_alone_is_not_blown_up()
    {
        // One direction of its own, hardly damped: 1 − h = 1e-4 counts as 0.05.
        var members = new[]
        {
            Picture([100, 0], 1),
            Picture([0, 0.25], 1),
            Picture([0, 0.25], 1),
            Picture([0, 0.25], 1),
        };
        var scores = Single.Score(new DasLooMethod(), Picture([1, 0], 1), members, new() { Damping = new Damped(1) });
        Assert.Equal(Math.Pow(100.0 / 10001 / 0.05, 2), scores.Queries[0].Mean[0], 1e-10);
    }

    private static PictureFeatures Picture(double[] feature, double residual) =>
        Single.Picture([residual * residual], (FeatureKind.UnitMean, [feature]), (FeatureKind.UnitLoss, [feature]));

    private static Vector<double> Fit(Matrix<double> phi, Vector<double> targets, double lambda) =>
        (phi.TransposeThisAndMultiply(phi) + lambda * Matrix<double>.Build.DenseIdentity(phi.ColumnCount)).Solve(
            phi.TransposeThisAndMultiply(targets)
        );

    private static Vector<double> Without(Vector<double> values, int index) =>
        Vector<double>.Build.DenseOfEnumerable(values.Where((_, i) => i != index));
}
