using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Features;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>The published formulas on small matrices, worked out in exact fractions.</summary>
public class DasOfficialTests
{
    private static readonly PictureFeatures[] Members =
    [
        Picture([1, 2, 0], [0.25, 1, 4]),
        Picture([0, 1, -1], [1, 1, 1]),
        Picture([2, -1, 1], [9, 4, 0.25]),
        Picture([1, 1, 3], [0.0625, 0.25, 1]),
    ];

    [Fact]
    public void Scores_are_those_of_das1squ() =>
        Close([2.829475867103803, 5.242949779883677, 6.88009144337312, 5.6535131535983805], DasOfficialMethod.Plain);

    [Fact]
    public void Scores_are_those_of_das0squ() =>
        Close(
            [0.0389550869445576, 0.034771895946103075, 0.0222805017008661, 0.011107819820748235],
            DasOfficialMethod.WithHat
        );

    [Fact]
    public void The_size_of_a_pictures_errors_does_not_matter()
    {
        PictureFeatures[] ten = [Picture([1, 2, 0], [2.5, 10, 40]), .. Members[1..]];
        Assert.Equal(Score(DasOfficialMethod.Plain, Members)[0], Score(DasOfficialMethod.Plain, ten)[0], 1e-6);
    }

    private static void Close(double[] expected, DasOfficialMethod method)
    {
        var scores = Score(method, Members);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], scores[i], 1e-12);
    }

    private static double[] Score(DasOfficialMethod method, PictureFeatures[] members) =>
        Single
            .Score(method, Picture([1, -1, 2], [1, 1, 1]), members, new() { Damping = new Damped(0.5) })
            .Queries[0]
            .Mean;

    private static PictureFeatures Picture(double[] feature, double[] squaredErrors) =>
        Single.Picture(squaredErrors, (FeatureKind.UnitMean, [feature]));
}
