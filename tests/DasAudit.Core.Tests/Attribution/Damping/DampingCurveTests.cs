using System.Text.Json;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Attribution.Damping;

public class DampingCurveTests
{
    private readonly Matrix<double> _first = RandomMatrix.Normal(30, 50, 3) + 2 * RandomMatrix.OfRank(30, 50, 1, 5);
    private readonly Matrix<double> _query = RandomMatrix.Normal(2, 50, 21);

    private Matrix<double> Second => _first + 0.7 * RandomMatrix.Normal(30, 50, 7);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Points_are_those_of_explicit_inverses(bool withSign)
    {
        using var scope = NewDisposeScope();
        var again = Second;
        var others = _query + 0.3 * RandomMatrix.Normal(2, 50, 23);
        var curve = new DampingCurve(withSign);
        Add(curve, _first, _query, again);
        Add(curve, again, others, _first);

        var points = curve.Points();

        Assert.Equal(DampingCurve.Fractions, points.Select(point => point.DegreesOfFreedom));
        foreach (var (f, fraction) in DampingCurve.Fractions.Index())
        {
            var one = Solve(_first);
            var two = Solve(again);
            Assert.Equal(1, points[f].Damping / ((one + two) / 2), 1e-9);
            var ranks = Ranks(_first, again, one).Zip(Ranks(again, _first, two), (a, b) => (a + b) / 2).ToList();
            var mean = ranks.Average();
            Assert.Equal(mean, points[f].SelfRecall!.Value, 1e-9);
            Assert.Equal(
                Math.Sqrt(ranks.Sum(rank => Math.Pow(rank - mean, 2)) / 29 / 30),
                points[f].SelfRecallStandardError!.Value,
                1e-9
            );
            var reliability = Enumerable
                .Range(0, 2)
                .Average(q => Spearman(Scores(_first, _query, one).Row(q), Scores(again, others, two).Row(q)));
            Assert.Equal(reliability, points[f].SplitHalfReliability!.Value, 1e-9);

            double Solve(Matrix<double> phi)
            {
                using var kernel = phi.Factorise();
                return DegreesOfFreedom.Solve(kernel, fraction);
            }
        }

        Assert.True(points[^1].SelfRecall < points[4].SelfRecall);

        Matrix<double> Scores(Matrix<double> phi, Matrix<double> query, double damping) =>
            (query * phi.Inverse(damping) * phi.Transpose()).Map(score => withSign ? score : score * score);
    }

    [Fact]
    public void A_single_draw_has_no_recall_and_no_reliability()
    {
        using var scope = NewDisposeScope();
        var curve = new DampingCurve();
        Add(curve, _first, _query, null);
        Assert.All(
            curve.Points(),
            point =>
            {
                Assert.True(point.Damping > 0);
                Assert.Null(point.SelfRecall);
                Assert.Null(point.SelfRecallStandardError);
                Assert.Null(point.SplitHalfReliability);
            }
        );
    }

    [Fact]
    public void Of_one_picture_there_is_no_order()
    {
        using var scope = NewDisposeScope();
        var curve = new DampingCurve();
        for (var draw = 0; draw < 2; draw++)
            Add(curve, RandomMatrix.Normal(1, 50, draw), _query, RandomMatrix.Normal(1, 50, 1 - draw));
        Assert.All(
            curve.Points(),
            point =>
            {
                Assert.Equal(1, point.SelfRecall);
                Assert.Null(point.SplitHalfReliability);
            }
        );
    }

    [Fact]
    public void Its_document_has_names_for_people()
    {
        var json = JsonSerializer
            .Serialize(new DampingPoint(0.1, 2.5, 0.75, 0.01, null), JsonDocuments.Options)
            .ReplaceLineEndings("")
            .Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal(
            "{\"degreesOfFreedom\":0.1,\"damping\":2.5,\"selfRecall\":0.75,\"selfRecallStandardError\":0.01,"
                + "\"splitHalfReliability\":null}",
            json
        );
        Assert.Equal(
            new DampingPoint(0.1, 2.5, 0.75, 0.01, null),
            JsonSerializer.Deserialize<DampingPoint>(json, JsonDocuments.Options)
        );
    }

    private static void Add(DampingCurve curve, Matrix<double> phi, Matrix<double> query, Matrix<double>? again)
    {
        using var kernel = phi.Factorise();
        using var rows = kernel.Project(query.Tensor());
        curve.Add(kernel, rows, again?.Tensor());
    }

    private static IEnumerable<double> Ranks(Matrix<double> phi, Matrix<double> again, double damping)
    {
        var scores = (again * phi.Inverse(damping) * phi.Transpose()).Map(Math.Abs);
        return Enumerable
            .Range(0, phi.RowCount)
            .Select(i => 1.0 / (1 + scores.Row(i).Count(score => score > scores[i, i])));
    }

    // Without ties: 1 − 6·Σd²/(n·(n² − 1)).
    private static double Spearman(Vector<double> a, Vector<double> b)
    {
        var n = a.Count;
        var sum = 0.0;
        for (var i = 0; i < n; i++)
            sum += Math.Pow(a.Count(value => value < a[i]) - b.Count(value => value < b[i]), 2);
        return 1 - 6 * sum / (n * ((double)n * n - 1));
    }
}
