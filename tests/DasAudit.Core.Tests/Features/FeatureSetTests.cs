using DasAudit.Abstractions;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Tests.Features.Store;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Features;

/// <summary>Features read from a store, row by row, against the same in memory.</summary>
public sealed class FeatureSetTests : IDisposable
{
    private static readonly FeatureKind Averaged = new("loss");
    private static readonly FeatureKind Apart = new("mean", Unit: false, Apart: true);
    private static readonly int[] Chosen = [11, 0, 7, 3, 5];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FeatureFormat.F32)]
    [InlineData(FeatureFormat.F16)]
    public void Kept_features_are_the_computed_ones(FeatureFormat format)
    {
        using var scope = NewDisposeScope();
        var (computed, kept) = Both(format);
        Assert.Equal((5, 2, 6), (kept.Count, kept.RowsOf(Averaged), kept.RowsOf(Apart)));
        Assert.Equal((5, 2, 6), (computed.Count, computed.RowsOf(Averaged), computed.RowsOf(Apart)));
        for (var i = 0; i < Chosen.Length; i++)
            Samples.Equal(computed[i], kept[i]);
        for (var row = 0; row < 6; row++)
            Same(computed.Matrix(Apart, row), kept.Matrix(Apart, row));
        Same(computed.Matrix(Averaged, 1), kept.Matrix(Averaged, 1));
        for (var r = 0; r < 2; r++)
        {
            Assert.Equal(computed.SquaredErrors(r), kept.SquaredErrors(r));
            Assert.Equal(computed.GradientNorms("mean", r), kept.GradientNorms("mean", r));
            Assert.Equal(computed.GradientNorms("loss", r), kept.GradientNorms("loss", r));
            Assert.Equal(
                Chosen.Select(i => Samples.Features(i).TangentTargets["picture-probe:0"][r]),
                computed.TangentTargets("picture-probe:0", r)
            );
            Assert.Equal(computed.TangentTargets("picture-probe:0", r), kept.TangentTargets("picture-probe:0", r));
            Assert.All([computed, kept], set => Assert.Null(set.TangentTargets("mean", r)));
        }
    }

    [Fact]
    public void Some_of_the_pictures_stand_in_the_order_asked_for()
    {
        using var scope = NewDisposeScope();
        var (computed, kept) = Both(FeatureFormat.F32);
        foreach (var set in new[] { computed, kept })
        {
            var some = set.Take([4, 1]);
            Assert.Equal(2, some.Count);
            var expected = Samples
                .Features(Chosen[4])
                .Rows[Apart][3]
                .Concat(Samples.Features(Chosen[1]).Rows[Apart][3])
                .Select(value => (double)value);
            Assert.Equal(expected, some.Matrix(Apart, 3).data<double>().ToArray());
            Assert.Equal(
                [Samples.Features(Chosen[4]).SquaredErrors[1], Samples.Features(Chosen[1]).SquaredErrors[1]],
                some.SquaredErrors(1)
            );
        }
    }

    [Fact]
    public void What_is_not_there_is_a_sentence()
    {
        var (computed, kept) = Both(FeatureFormat.F32);
        foreach (var set in new[] { computed, kept })
        {
            Assert.Equal(0, set.RowsOf(new("mean")));
            Assert.Equal(
                "The features lack the kind mean/unit/averaged; compute them anew for this method.",
                Assert.Throws<AuditException>(() => set.Blocks(new("mean"), 0)).Message
            );
            Assert.Contains(
                "fewer features of the kind loss/unit/averaged",
                Assert.Throws<AuditException>(() => set.Blocks(Averaged, 2)).Message
            );
        }
    }

    private (FeatureSet Computed, FeatureSet Kept) Both(FeatureFormat format)
    {
        var store = Samples.Fill(_folder.At("store"), 12, format);
        FeatureKey[] keys = [.. Chosen.Select(Samples.Key)];
        return (FeatureSet.Of(store.Read(keys)), new KeptFeatures(store, keys));
    }

    private static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.data<double>().ToArray(), actual.data<double>().ToArray());
    }
}
