using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Damping;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Attribution.Damping;

public class RecallTests
{
    [Theory]
    [InlineData(30, 50, 0.4)]
    [InlineData(50, 20, 1.0)]
    [InlineData(40, 40, 2.0)]
    public void The_choice_is_that_of_explicit_inverses_and_sorted_scores(int n, int k, double noise)
    {
        using var scope = NewDisposeScope();
        // Pictures that share a strong direction: with much damping the strongest of them is every picture's answer.
        var phi = RandomMatrix.Normal(n, k, 3) + 3 * RandomMatrix.OfRank(n, k, 1, 5);
        var again = phi + noise * RandomMatrix.Normal(n, k, 7);
        using var kernel = phi.Factorise();

        var chosen = DampingRules.Parse("recall").Choose(new(kernel, again.Tensor())).Single();

        var grid = DampingBand.Grid(kernel, 0.01, 0.9, Recall.Values);
        Assert.Equal(27, grid.Length);
        var recall = grid.Select(damping => Slow(phi, again, damping)).ToList();
        var best = recall.MaxBy(value => value.Mean);
        var largest = grid.Where((_, i) => recall[i].Mean >= best.Mean - best.Error).Max();
        var degrees = Math.Clamp(kernel.EffectiveDegreesOfFreedom(largest) / kernel.Eigenvalues.Count, 0.05, 0.5);
        Assert.Equal(degrees, kernel.EffectiveDegreesOfFreedom(chosen) / kernel.Eigenvalues.Count, 1e-9);
        Assert.True(recall.Min(value => value.Mean) < best.Mean - best.Error);
    }

    [Fact]
    public void Planted_features_that_need_little_damping_get_it_and_those_that_need_none_get_most()
    {
        using var scope = NewDisposeScope();
        // Each picture has a weak direction of its own beside a strong one of very different strength that all share:
        // it finds itself only where the shared direction is damped away less than the own ones count.
        var own = Matrix<double>.Build.DenseIdentity(20);
        var shared = Matrix<double>.Build.Dense(20, 1, (i, _) => 20 + 10 * i);
        var phi = own.Append(shared);
        using var hard = phi.Factorise();
        var little = new Recall().Choose(new(hard, phi.Tensor())).Single();
        Assert.True(Slow(phi, phi, little).Mean > 0.99);
        Assert.True(Slow(phi, phi, DegreesOfFreedom.Solve(hard, 0.05)).Mean < 0.5);

        using var easy = own.Factorise();
        var most = new Recall().Choose(new(easy, own.Tensor())).Single();
        Assert.Equal(0.05 * 20, easy.EffectiveDegreesOfFreedom(most), 1e-9);
    }

    [Fact]
    public void Equal_pictures_tie_halfway()
    {
        using var scope = NewDisposeScope();
        var phi = RandomMatrix.Normal(6, 9, 3);
        for (var i = 1; i < 3; i++)
            phi.SetRow(i, phi.Row(0));
        using var kernel = phi.Factorise();
        using var rows = kernel.Project(phi.Tensor());
        var ranks = SelfRecall.ReciprocalRanks(kernel, rows, [0, 1, 2, 3, 4, 5], 6, 0.1);
        for (var i = 0; i < 6; i++)
            Assert.Equal(i < 3 ? 0.5 : 1, ranks[i], 1e-12);
    }

    [Fact]
    public void Background_is_neither_asked_for_nor_ranked()
    {
        using var scope = NewDisposeScope();
        var phi = RandomMatrix.Normal(12, 9, 3);
        // The background repeats the first pictures, many times over.
        for (var i = 0; i < 4; i++)
            phi.SetRow(8 + i, 5 * phi.Row(i));
        using var kernel = phi.Factorise();
        using var rows = kernel.Project(phi.SubMatrix(0, 8, 0, 9).Tensor());
        var all = kernel.WithMembers(rows, 1).Matrix();
        Assert.True(Math.Abs(all[0, 8]) > Math.Abs(all[0, 0]));
        var ranks = SelfRecall.ReciprocalRanks(kernel, rows, [0, 1, 2, 3, 4, 5, 6, 7], 8, 1);
        for (var i = 0; i < 8; i++)
            Assert.Equal(
                1.0 / (1 + Enumerable.Range(0, 8).Count(j => Math.Abs(all[i, j]) > Math.Abs(all[i, i]))),
                ranks[i],
                1e-12
            );
    }

    [Fact]
    public void Of_many_pictures_some_are_asked_for_evenly()
    {
        Assert.Equal([0, 1, 2, 3, 4], SelfRecall.Sample(5));
        var asked = SelfRecall.Sample(1000);
        Assert.Equal((256, 0L, 996L), (asked.Length, asked[0], asked[^1]));
        Assert.Equal([3L, 4L], asked.Zip(asked.Skip(1), (a, b) => b - a).Distinct().Order());
    }

    [Fact]
    public void A_single_noise_draw_is_refused()
    {
        using var kernel = RandomMatrix.Normal(3, 4, 3).Factorise();
        Assert.Contains(
            "{replicates} 2",
            Assert.Throws<AuditException>(() => new Recall().Choose(new(kernel))).Message
        );
    }

    internal static (double Mean, double Error) Slow(Matrix<double> phi, Matrix<double> again, double damping)
    {
        var scores = (again * phi.Inverse(damping) * phi.Transpose()).Map(Math.Abs);
        double[] ranks =
        [
            .. Enumerable
                .Range(0, phi.RowCount)
                .Select(i => 1.0 / (1 + scores.Row(i).OrderDescending().ToList().IndexOf(scores[i, i]))),
        ];
        var mean = ranks.Average();
        return (mean, Math.Sqrt(ranks.Sum(rank => Math.Pow(rank - mean, 2)) / (ranks.Length - 1) / ranks.Length));
    }
}
