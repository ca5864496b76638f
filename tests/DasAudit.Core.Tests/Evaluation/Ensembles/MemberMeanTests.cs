using DasAudit.Core.Evaluation.Ensembles;

namespace DasAudit.Core.Tests.Evaluation.Ensembles;

public class MemberMeanTests
{
    private const int Outputs = 40;

    [Fact]
    public void Effects_are_those_of_means_of_predictions()
    {
        var residuals = Residuals(members: 9, seed: 1);
        bool[] saw = [true, false, true, true, false, false, true, true, false];

        var mean = new MemberMean(Gram(residuals));
        var effect = mean.Without(saw);

        double[] all = Mean(residuals);
        double[] unseen = Mean([.. residuals.Where((_, m) => !saw[m])]);
        Assert.Equal(Square(all), mean.Loss, 1e-12);
        Assert.Equal(Square(Difference(all, unseen)), effect.Change, 1e-12);
        Assert.Equal(Square(unseen) - Square(all), effect.LossRise, 1e-12);
        double[] seen = Mean([.. residuals.Where((_, m) => saw[m])]);
        var between = Square(Difference(seen, unseen));
        Assert.Equal(between / (1.0 / 5 + 1.0 / 4), effect.Standardised, 1e-12);
        Assert.Equal(effect.Change, 25.0 / 81 * between, 1e-12);
    }

    /// <summary>Members that differ by chance alone have no effect on average, however large Δ is.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    public void Chance_is_taken_off_the_unbiased_effect(double shift)
    {
        bool[] saw = [.. Enumerable.Range(0, 10).Select(m => m < 5)];
        var effects = Enumerable
            .Range(0, 400)
            .Select(seed => new MemberMean(Gram(Residuals(10, seed, m => saw[m] ? shift : 0))).Without(saw))
            .ToList();

        // Δ of the true means is (5/10)²·shift².
        Assert.Equal(shift * shift / 4, effects.Average(effect => effect.Unbiased), 0.004);
        Assert.True(effects.Average(effect => effect.Change) > shift * shift / 4 + 0.08);
    }

    // Of unit variance, with a value that is added to all outputs of a member.
    private static double[][] Residuals(int members, int seed, Func<int, double>? shift = null)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, members)
                .Select(m =>
                    Enumerable.Range(0, Outputs).Select(_ => Normal(random) + (shift?.Invoke(m) ?? 0)).ToArray()
                ),
        ];
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double[,] Gram(double[][] residuals)
    {
        var gram = new double[residuals.Length, residuals.Length];
        for (var m = 0; m < residuals.Length; m++)
        for (var n = 0; n < residuals.Length; n++)
            gram[m, n] = residuals[m].Zip(residuals[n], (a, b) => a * b).Average();
        return gram;
    }

    private static double[] Mean(double[][] rows) =>
        [.. Enumerable.Range(0, Outputs).Select(output => rows.Average(row => row[output]))];

    private static double[] Difference(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x - y)];

    private static double Square(double[] values) => values.Average(value => value * value);
}
