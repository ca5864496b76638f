using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using DasAudit.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Features;

/// <summary>The engine for devices, on the processor, against that which takes one picture at a time.</summary>
public sealed class DeviceExtractorTests
{
    private static readonly GradientOptions Options = new()
    {
        Timesteps = 5,
        Replicates = 3,
        Projection = new() { Dimension = 64 },
        Kinds =
        [
            new("loss", Unit: true, Apart: true),
            new("loss", Unit: false, Apart: true),
            new("loss", Unit: false),
            FeatureKind.UnitMean,
            new("squared-norm"),
            new("picture-probe:1", Unit: false),
        ],
    };

    [Theory]
    [InlineData("sjlt:64")]
    [InlineData("sjlt:4096")]
    [InlineData("layers:16")]
    [InlineData("layers:4096")]
    [InlineData("logra:4x4")]
    [InlineData("none")]
    public void Features_agree_with_those_of_single_pictures(string projection) =>
        AssertAgreement(Options with { Projection = ProjectionOptions.Parse(projection) }, Pictures(4));

    [Fact]
    public void Draws_longer_than_a_batch_are_put_together() =>
        AssertAgreement(Options with { Timesteps = 45, Replicates = 2 }, Pictures(2));

    [Fact]
    public void Chosen_timesteps_and_later_draws_are_the_passes() =>
        AssertAgreement(Options with { ChosenTimesteps = [3, 500, 833], FirstReplicate = 7 }, Pictures(2));

    [Fact]
    public void Parameters_that_are_not_attributed_have_no_part() =>
        AssertAgreement(Options with { Parameters = "_last.*" }, Pictures(2));

    [Fact]
    public void Regions_weigh_each_picture_by_itself()
    {
        var pictures = Pictures(4);
        var left = Weights("0,0,3,8");
        var top = Weights("0,0,8,5");
        AssertAgreement(
            Options,
            [pictures[0] with { Region = left }, pictures[1] with { Region = top }, pictures[2], pictures[3]]
        );
    }

    [Fact]
    public void Pictures_that_are_followed_differ_by_timestep()
    {
        var steps = Enumerable.Range(0, 5).Select(Values).ToList();
        AssertAgreement(Options, [Pictures(1)[0] with { Trajectory = steps }, Pictures(2)[1]]);
    }

    [Fact]
    public void Adams_metric_multiplies_gradients()
    {
        using var folder = new TempFolder();
        var path = folder.At("moments.safetensors");
        using (var model = new TinyUnet())
            SafetensorsWriter.Write(
                path,
                model.Network.named_parameters().Select(p => (p.name, (p.parameter.detach().abs() + 0.01) * 1e-3))
            );
        AssertAgreement(Options with { Metric = AdamMetric.Open(path) }, Pictures(2));
    }

    [Fact]
    public void No_bit_depends_on_company_or_place()
    {
        var pictures = Pictures(9);
        var together = Compute(Options, pictures);
        var reversed = Compute(Options, [.. pictures.Reverse()]);
        for (var i = 0; i < pictures.Length; i++)
        {
            var alone = Compute(Options, [pictures[i]])[0];
            foreach (var kind in Options.Kinds)
            {
                Assert.Equal(alone.Rows[kind], together[i].Rows[kind]);
                Assert.Equal(alone.Rows[kind], reversed[^(i + 1)].Rows[kind]);
            }
            Assert.Equal(alone.SquaredErrors, together[i].SquaredErrors);
            Assert.Equal(alone.GradientNorms["loss"], together[i].GradientNorms["loss"]);
            Assert.Equal(alone.TangentTargets["picture-probe:1"], together[i].TangentTargets["picture-probe:1"]);
        }
    }

    /// <summary>Of 32 rows, six draws of five timesteps fit; nine pictures have 27.</summary>
    [Fact]
    public void Results_come_to_the_processor_once_a_batch()
    {
        using var extractor = new DeviceExtractor(new ModelPool(() => new TinyUnet()).Rent(), Options);

        extractor.Run(Pictures(9), BatchMemory.UsualRows, (_, _) => { }, TestContext.Current.CancellationToken);

        Assert.Equal(5, extractor.HostCopies);
    }

    /// <summary>As many tensors are made for a batch of many rows as for one of few.</summary>
    [Fact]
    public void Work_of_the_host_does_not_grow_with_the_rows()
    {
        Assert.Equal(Tensors(10), Tensors(10));
        Assert.Equal(Tensors(10), Tensors(40));

        static long Tensors(int timesteps)
        {
            var options = Options with { Timesteps = timesteps, Replicates = 1 };
            using var extractor = new DeviceExtractor(new ModelPool(() => new TinyUnet()).Rent(), options);
            extractor.RunBatch(null, timesteps);
            var statistics = DisposeScopeManager.Statistics;
            var before = statistics.CreatedInScopeCount;
            extractor.RunBatch(null, timesteps);
            return statistics.CreatedInScopeCount - before;
        }
    }

    [Fact]
    public void Batches_are_halved_where_the_memory_is_too_little()
    {
        using var extractor = new DeviceExtractor(new ModelPool(() => new LimitedModel(12)).Rent(), Options);
        var features = new PictureFeatures[4];

        extractor.Run(
            Pictures(4),
            rows: 32,
            (index, feature) => features[index] = feature,
            TestContext.Current.CancellationToken
        );

        var expected = Compute(Options, Pictures(4));
        foreach (var (feature, reference) in features.Zip(expected))
            Close(reference.Rows[FeatureKind.UnitMean][1], feature.Rows[FeatureKind.UnitMean][1], 1e-5);
        Assert.Contains("they have 8 rows", string.Join(' ', extractor.Notes));
    }

    /// <summary>Six draws of five timesteps stand in a batch of 32 rows.</summary>
    [Fact]
    public void A_device_on_which_places_make_a_difference_is_noticed_and_noted()
    {
        Assert.Empty(Notes(new TinyUnet(), count: 2));
        Assert.Contains("its place among them", Assert.Single(Notes(new PlacedModel(), count: 2)));
        // A draw alone has no company.
        Assert.Empty(Notes(new PlacedModel(), count: 1, replicates: 1));

        static IReadOnlyList<string> Notes(IDiffusionModel model, int count, int replicates = 3)
        {
            var options = Options with { Replicates = replicates };
            var engine = Engine(options, () => model);
            engine.Compute(Pictures(count), null, TestContext.Current.CancellationToken);
            return engine.Notes;
        }
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_that_of_a_named_picture()
    {
        var pictures = Pictures(3);
        pictures[1] = pictures[1] with { Name = "broken.png", Read = () => [.. Values(1).Select(_ => float.NaN)] };

        var error = Assert.Throws<AuditException>(() => Compute(Options, pictures));

        Assert.Contains("'broken.png'", error.Message);
        Assert.Contains("not finite", error.Message);
    }

    [Fact]
    public void Models_without_hooks_and_dense_projections_take_the_other_way()
    {
        var engine = Engine(Options, () => new TinyUnet(bypassHooks: true));
        engine.Compute(Pictures(1), null, TestContext.Current.CancellationToken);
        Assert.NotNull(engine.SlowBecause);

        var dense = Options with { Projection = ProjectionOptions.Parse("gaussian:16") };
        Assert.Equal(
            new FeatureEngine(new(() => new TinyUnet()), dense, 1)
                .Compute(Pictures(1), null, TestContext.Current.CancellationToken)[0]
                .Rows[Options.Kinds[0]],
            Compute(dense, Pictures(1))[0].Rows[Options.Kinds[0]]
        );
    }

    private static void AssertAgreement(GradientOptions options, ModelPicture[] pictures)
    {
        var expected = new FeatureEngine(new(() => new TinyUnet()), options, 1).Compute(
            pictures,
            null,
            TestContext.Current.CancellationToken
        );
        var actual = Compute(options, pictures);
        foreach (var (reference, features) in expected.Zip(actual))
        {
            foreach (var kind in options.Kinds)
            {
                Assert.Equal(reference.Rows[kind].Length, features.Rows[kind].Length);
                foreach (var (expectedRow, row) in reference.Rows[kind].Zip(features.Rows[kind]))
                    Close(expectedRow, row, 1e-5);
            }
            foreach (var function in reference.GradientNorms.Keys)
                Close(reference.GradientNorms[function], features.GradientNorms[function]);
            Close(reference.SquaredErrors, features.SquaredErrors);
            Close(reference.TangentTargets["picture-probe:1"], features.TangentTargets["picture-probe:1"]);
        }
    }

    private static IReadOnlyList<PictureFeatures> Compute(GradientOptions options, ModelPicture[] pictures) =>
        Engine(options, () => new TinyUnet()).Compute(pictures, null, TestContext.Current.CancellationToken);

    private static FeatureEngine Engine(GradientOptions options, Func<IDiffusionModel> load) =>
        new(new(load), options, 1) { TakesManyPictures = true };

    private static ModelPicture[] Pictures(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new ModelPicture($"{i}.png", () => Values(i)))];

    private static float[] Values(int number)
    {
        var values = new float[3 * 8 * 8];
        new NoiseSource(100 + number).Normal(new(NoisePurpose.SamplingStart, 0, 0), values);
        return [.. values.Select(value => Math.Clamp(value / 2, -1, 1))];
    }

    private static RegionWeights Weights(string text)
    {
        var region = RegionChoice.Parse(text).Of(8, 8, "q.png", path => path);
        return RegionWeights.Of(region, new(3, 8, 8), ResizeMode.Crop, 8, 8)!;
    }

    private static void Close(double[][] expected, double[][] actual)
    {
        var largest = expected.Max(row => row.Max(Math.Abs));
        foreach (var (expectedRow, row) in expected.Zip(actual))
        foreach (var (value, other) in expectedRow.Zip(row))
            Assert.Equal(value, other, 2e-5 * largest);
    }

    private static void Close(float[] expected, float[] actual, double tolerance)
    {
        var difference = expected.Zip(actual, (a, b) => ((double)a - b) * (a - b)).Sum();
        var size = expected.Sum(a => (double)a * a);
        Assert.InRange(Math.Sqrt(difference / size), 0, tolerance);
    }

    /// <summary>A row's place in a batch moves its prediction a little.</summary>
    private sealed class PlacedModel : IDiffusionModel
    {
        private readonly TinyUnet _model = new();

        public nn.Module Network => _model.Network;

        public IForwardProcess Process => _model.Process;

        public ImageShape PictureShape => _model.PictureShape;

        public IReadOnlyList<string> Files => [];

        public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null)
        {
            var places = arange(noisy.shape[0], dtype: float32).view(-1, 1, 1, 1);
            return _model.Predict(noisy * (1 + 1e-5f * places), timesteps, condition);
        }

        public void Dispose() => _model.Dispose();
    }
}
