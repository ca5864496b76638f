using System.Numerics;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Tests.Gradients;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Features;

public class ChunkTests
{
    [Theory]
    [MemberData(nameof(GoldenGradientsTests.Checkpoints), MemberType = typeof(GoldenGradientsTests))]
    public void The_number_of_rows_in_a_batch_changes_no_more_than_rounding(string name)
    {
        TorchThreads.Use(1);
        using var pool = new ModelPool(() => GoldenGradientsTests.Load(name));
        var options = new GradientOptions
        {
            Timesteps = 6,
            Replicates = 2,
            Projection = new() { Kind = ProjectionKind.None },
            Kinds = [FeatureKind.UnitMean, new("loss", true, true), new("picture-probe:0", false)],
        };
        var copy = pool.Rent();
        using var extractor = new GradientExtractor(copy, options);
        using var scope = NewDisposeScope();
        var condition = new DasAudit.Abstractions.Condition(1, null);
        extractor.Prepare(condition);
        using var generator = new Generator(3);
        var clean = rand(copy.Model.SampleShape.Length, generator: generator) * 2 - 1;
        var picture = new ModelPicture("picture", () => [], condition)
        {
            Trajectory = [.. Enumerable.Repeat(clean.data<float>().ToArray(), options.Timesteps)],
        };
        var whole = extractor.Extract(picture, 12, CancellationToken.None);
        foreach (var rows in new[] { 1, 5 })
        {
            var cut = extractor.Extract(picture, rows, CancellationToken.None);
            foreach (var kind in options.Kinds)
            {
                foreach (var (expected, actual) in whole.Rows[kind].Zip(cut.Rows[kind]))
                    Assert.InRange(Difference(expected, actual), 0, 1e-5);
            }

            foreach (
                var (expected, actual) in whole
                    .TangentTargets["picture-probe:0"]
                    .Zip(cut.TangentTargets["picture-probe:0"])
            )
                Assert.InRange(Difference(expected, actual), 0, 1e-5);
            foreach (var (expected, actual) in whole.SquaredErrors.Zip(cut.SquaredErrors))
                Assert.InRange(Difference(expected, actual), 0, 1e-6);
        }
    }

    // With another number of rows libtorch itself rounds otherwise.
    private static double Difference<T>(T[] expected, T[] actual)
        where T : INumber<T> =>
        Math.Sqrt(
            expected.Zip(actual, (e, a) => Math.Pow(double.CreateChecked(e - a), 2)).Sum()
                / expected.Sum(e => Math.Pow(double.CreateChecked(e), 2))
        );
}
