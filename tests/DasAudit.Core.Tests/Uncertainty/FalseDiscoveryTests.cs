using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Uncertainty;

public class FalseDiscoveryTests
{
    [Fact]
    public void Q_values_are_the_smallest_level_at_which_the_step_up_procedure_rejects()
    {
        // By hand: 4·0.01/1, 4·0.02/2, 4·0.03/3 are all 0.04; 4·0.5/4.
        AssertClose([0.04, 0.5, 0.04, 0.04], FalseDiscovery.QValues([0.02, 0.5, 0.01, 0.03]));
        AssertClose([0.15, 0.25, 0.02, 0.15, 0.5], FalseDiscovery.QValues([0.08, 0.2, 0.004, 0.09, 0.5]));
        AssertClose([1, 1], FalseDiscovery.QValues([0.9, 1]));
        Assert.Empty(FalseDiscovery.QValues([]));
    }

    [Fact]
    public void Benjamini_and_Yekutieli_pay_with_the_harmonic_number() =>
        AssertClose(
            [0.04 * 25 / 12, 1, 0.04 * 25 / 12, 0.04 * 25 / 12],
            FalseDiscovery.QValues([0.02, 0.5, 0.01, 0.03], FalseDiscoveryControl.BenjaminiYekutieli)
        );

    [Theory]
    [InlineData(FalseDiscoveryControl.BenjaminiHochberg, 0.4)]
    [InlineData(FalseDiscoveryControl.BenjaminiYekutieli, 0.1)]
    public void The_rate_of_false_discoveries_among_candidates_with_shared_decoys_stays_below_the_level(
        FalseDiscoveryControl control,
        double leastPower
    )
    {
        // 100 candidates of which 20 stand out by four standard deviations, 400 decoys, level 0.1; the rate may be
        // 0.08.
        const int Trials = 500;
        var rate = 0.0;
        var power = 0.0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var noise = Draws.Normal(trial, 500);
            double[] scores = [.. noise.Take(100).Select((value, i) => i < 20 ? value + 4 : value)];
            var q = FalseDiscovery.QValues(ConformalPValues.Compute(scores, noise[100..]), control);
            int[] found = [.. Enumerable.Range(0, 100).Where(i => q[i] <= 0.1)];
            rate += found.Length == 0 ? 0 : found.Count(i => i >= 20) / (double)found.Length / Trials;
            power += found.Count(i => i < 20) / 20.0 / Trials;
        }

        // The false part of one trial varies by about 0.08, their mean by 0.004.
        Assert.InRange(rate, 0, 0.08 + 0.012);
        Assert.True(power > leastPower, $"power {power}");
    }

    [Fact]
    public void Where_nothing_is_to_be_found_something_is_found_no_more_often_than_the_level()
    {
        var found = Enumerable
            .Range(0, 1000)
            .Count(trial =>
            {
                var noise = Draws.Normal(trial, 440);
                return FalseDiscovery.QValues(ConformalPValues.Compute(noise[..40], noise[40..])).Any(q => q <= 0.2);
            });
        Assert.InRange(found / 1000.0, 0.05, 0.2 + 0.04);
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (e, a) in expected.Zip(actual))
            Assert.Equal(e, a, 1e-12);
    }
}
