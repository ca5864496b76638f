using DasAudit.Core.Attribution.Damping;

namespace DasAudit.Core.Tests.Attribution.Damping;

public class BandAverageTests
{
    [Fact]
    public void Scores_are_brought_to_one_size_and_averaged()
    {
        // Root mean squares 5 and 10; their geometric mean is √50.
        var band = BandAverage.Of([
            [1, 7, 5, 5],
            [14, 2, -10, 10],
        ]);
        var size = Math.Sqrt(50);
        double[] mean = [(0.2 + 1.4) / 2 * size, (1.4 + 0.2) / 2 * size, 0, size];
        double[] spread = [0.6 * size, 0.6 * size, size, 0];
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(mean[i], band.Mean[i], 1e-12);
            Assert.Equal(spread[i], band.Spread[i], 1e-12);
        }
    }

    [Fact]
    public void The_size_of_scores_at_a_damping_does_not_weigh()
    {
        var before = BandAverage
            .Of([
                [1, 2, 5],
                [4, 1, 3],
            ])
            .Mean;
        var after = BandAverage
            .Of([
                [1, 2, 5],
                [4e6, 1e6, 3e6],
            ])
            .Mean;
        for (var i = 0; i < 3; i++)
            Assert.Equal(1000, after[i] / before[i], 1e-9);
    }

    [Fact]
    public void A_single_damping_is_left_as_it_is_and_zeros_stay_zeros()
    {
        Assert.Equal(
            [1.0, -2.0, 3.0],
            BandAverage
                .Of([
                    [1, -2, 3],
                ])
                .Mean.Select(value => Math.Round(value, 12))
        );
        var zeros = BandAverage.Of([
            [0, 0],
            [0, 0],
        ]);
        Assert.Equal([0.0, 0.0], zeros.Mean);
        Assert.Null(zeros.LeastRankCorrelation);
    }

    [Fact]
    public void Agreement_is_that_of_the_damping_that_agrees_least()
    {
        Assert.Equal(
            1,
            BandAverage
                .Of([
                    [1, 2, 3],
                    [10, 20, 30],
                ])
                .LeastRankCorrelation!.Value,
            1e-12
        );
        // The average is of the order 1 2 3; the third damping, reversed but for its ends' size, disagrees.
        Assert.Equal(
            -1,
            BandAverage
                .Of([
                    [0, 5, 9],
                    [0, 5, 9],
                    [3, 2, 1],
                ])
                .LeastRankCorrelation!.Value,
            1e-12
        );
    }

    [Fact]
    public void Squares_of_scaled_vectors_are_the_scaled_squares()
    {
        double[][] vectors =
        [
            [1, -2, 3],
            [10, 5, -40],
        ];
        var factors = BandAverage.Factors(vectors);
        // Each λ's squares then have one mean.
        var means = vectors.Select((own, l) => own.Average(s => Math.Pow(s * factors[l], 2))).ToArray();
        Assert.Equal(means[0], means[1], 1e-9);
    }
}
