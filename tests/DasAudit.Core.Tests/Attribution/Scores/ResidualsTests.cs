using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;

namespace DasAudit.Core.Tests.Attribution.Scores;

public class ResidualsTests
{
    private static readonly PictureFeatures[] Two =
    [
        RandomFeatures.Of(
            [
                [],
                [],
            ],
            [
                [],
                [],
            ],
            [
                [7, 7],
                [4, 16],
            ],
            [
                [7, 7],
                [1, 2],
            ]
        ),
        RandomFeatures.Of(
            [
                [],
                [],
            ],
            [
                [],
                [],
            ],
            [
                [7, 7],
                [5, 9],
            ],
            [
                [7, 7],
                [1, 3],
            ]
        ),
    ];

    [Fact]
    public void Rms_is_the_root_of_the_mean_squared_error() => Close([Math.Sqrt(10), Math.Sqrt(7)], ResidualKind.Rms);

    [Fact]
    public void Rms_over_norm_divides_each_timestep_by_its_gradient_norm() =>
        Close([(2.0 + 2) / 2, (Math.Sqrt(5) + 1) / 2], ResidualKind.RmsOverNorm);

    [Fact]
    public void Rms_per_timestep_weighs_each_timestep_by_all_pictures() =>
        Close([(2.0 / 3 + 4.0 / 5) / 2, (Math.Sqrt(5) / 3 + 3.0 / 5) / 2], ResidualKind.RmsPerTimestep);

    [Fact]
    public void None_is_one() => Close([1, 1], ResidualKind.None);

    private static void Close(double[] expected, ResidualKind kind)
    {
        var factors = ResidualFactors.Of(kind, FeatureSet.Of(Two), replicate: 1);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], factors[i], 1e-6);
    }
}
