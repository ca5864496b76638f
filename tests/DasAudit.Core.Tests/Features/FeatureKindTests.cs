using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Projections;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Features;

public class FeatureKindTests
{
    private static readonly FeatureKind Apart = new("loss", Unit: true, Apart: true);
    private static readonly FeatureKind RawApart = new("loss", Unit: false, Apart: true);
    private static readonly FeatureKind Raw = new("loss", Unit: false);

    private static readonly GradientOptions Options = new()
    {
        Timesteps = 5,
        Replicates = 3,
        Projection = new() { Kind = ProjectionKind.None },
        Kinds = [Apart, RawApart, Raw, FeatureKind.UnitLoss, new("squared-norm")],
    };

    [Fact]
    public void Kinds_of_one_function_are_the_same_gradients_put_together_differently()
    {
        var features = Compute(Options);
        for (var r = 0; r < 3; r++)
        {
            var unit = features.Rows[Apart][(5 * r)..(5 * r + 5)];
            var raw = features.Rows[RawApart][(5 * r)..(5 * r + 5)];
            Close(Average(unit), features.Rows[FeatureKind.UnitLoss][r]);
            Close(Average(raw), features.Rows[Raw][r]);
            for (var t = 0; t < 5; t++)
            {
                Assert.Equal(1, Math.Sqrt(unit[t].Sum(v => (double)v * v)), 1e-5);
                Close([.. unit[t].Select(v => (float)(v * features.GradientNorms["loss"][r][t]))], raw[t]);
            }
        }

        Assert.Equal(["loss", "squared-norm"], features.GradientNorms.Keys.Order());
    }

    [Theory]
    [InlineData("sjlt:64")]
    [InlineData("rademacher:64")]
    [InlineData("gaussian:64")]
    public void Each_row_is_the_projection_of_its_whole_gradient(string text)
    {
        var whole = Compute(Options with { Seed = 5 });
        var projected = Compute(Options with { Seed = 5, Projection = ProjectionOptions.Parse(text) });
        var map = ProjectionOptions.Parse(text).Create(5, whole.Rows[Apart][0].Length);
        foreach (var kind in Options.Kinds)
        {
            Assert.Equal(whole.Rows[kind].Length, projected.Rows[kind].Length);
            for (var row = 0; row < whole.Rows[kind].Length; row++)
                Assert.Equal(map.Project([whole.Rows[kind][row]])[0], projected.Rows[kind][row]);
        }
    }

    [Fact]
    public void Chosen_timesteps_are_the_passes()
    {
        // 166, 500 and 833 are the grid of three.
        var chosen = Compute(Options with { ChosenTimesteps = [166, 500, 833] });
        var grid = Compute(Options with { Timesteps = 3 });
        Assert.Equal(grid.Rows[Apart], chosen.Rows[Apart]);
        Assert.Throws<AuditException>(() => Compute(Options with { ChosenTimesteps = [500, 166] }));
        Assert.Throws<AuditException>(() => Compute(Options with { ChosenTimesteps = [1000] }));
    }

    [Theory]
    [InlineData("layerwise")]
    [InlineData("autograd")]
    public void The_metric_multiplies_gradients_before_their_norm_is_taken(string way)
    {
        using var folder = new TempFolder();
        var path = folder.At("moments.safetensors");
        using var model = new TinyUnet();
        var moments = model
            .Network.named_parameters()
            .Select((p, i) => (p.name, Value: (p.parameter.detach().abs() + 0.01) * 1e-3 * (i + 1)))
            .ToList();
        SafetensorsWriter.Write(path, moments);
        var options = Options with { Metric = AdamMetric.Open(path) };
        var scaled = way == "layerwise" ? Compute(options) : Compute(options, slow: true);
        var plain = Compute(Options);

        var scales = moments
            .SelectMany(m =>
                m.Value.contiguous().data<float>().ToArray().Select(v => 1 / Math.Sqrt(Math.Sqrt(v) + 1e-8))
            )
            .ToArray();
        for (var row = 0; row < 15; row++)
        {
            var expected = plain.Rows[RawApart][row].Select((v, i) => (float)(v * scales[i])).ToArray();
            var norm = Math.Sqrt(expected.Sum(v => (double)v * v));
            Close(expected, scaled.Rows[RawApart][row]);
            Close([.. expected.Select(v => (float)(v / norm))], scaled.Rows[Apart][row]);
            Assert.Equal(1, scaled.GradientNorms["loss"][row / 5][row % 5] / norm, 1e-5);
        }
    }

    [Fact]
    public void Second_moments_that_do_not_fit_are_refused()
    {
        using var folder = new TempFolder();
        var path = folder.At("moments.safetensors");
        SafetensorsWriter.Write(path, [("other", ones(3))]);
        Assert.Contains(
            "_first.weight",
            Assert.Throws<AuditException>(() => Compute(Options with { Metric = AdamMetric.Open(path) })).Message
        );
    }

    [Theory]
    [InlineData("mean/unit/averaged")]
    [InlineData("random-probe:3/raw/apart")]
    public void A_kind_is_read_as_it_is_written(string text) => Assert.Equal(text, FeatureKind.Parse(text).ToString());

    [Theory]
    [InlineData("mean")]
    [InlineData("mean/long/averaged")]
    [InlineData("/unit/apart")]
    public void Other_texts_are_no_kind(string text) => Assert.Throws<AuditException>(() => FeatureKind.Parse(text));

    private static PictureFeatures Compute(GradientOptions options, bool slow = false)
    {
        var values = new float[3 * 8 * 8];
        new NoiseSource(100).Normal(new(NoisePurpose.SamplingStart, 0, 0), values);
        var engine = new FeatureEngine(() => new TinyUnet(bypassHooks: slow), options, 1);
        var features = engine.Compute(
            [new("picture", () => [.. values.Select(v => Math.Clamp(v / 2, -1, 1))])],
            null,
            CancellationToken.None
        )[0];
        Assert.Equal(slow, engine.SlowBecause is not null);
        return features;
    }

    private static float[] Average(float[][] rows) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Average(row => row[i]))];

    private static void Close(float[] expected, float[] actual)
    {
        var difference = Math.Sqrt(
            expected.Zip(actual, (e, a) => Math.Pow(e - a, 2)).Sum() / expected.Sum(e => Math.Pow(e, 2))
        );
        Assert.True(difference < 1e-5, $"relative difference {difference}");
    }
}
