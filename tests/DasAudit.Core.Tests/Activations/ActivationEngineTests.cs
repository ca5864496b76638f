using DasAudit.Abstractions;
using DasAudit.Core.Activations;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Activations;

public class ActivationEngineTests
{
    private static readonly GradientOptions Options = new()
    {
        Timesteps = 3,
        Replicates = 2,
        Seed = 4,
    };

    private static readonly ModelPicture[] Pictures =
    [
        .. Enumerable.Range(0, 5).Select(i => new ModelPicture($"picture {i}", () => Tables.Normal(i, 192))),
    ];

    [Fact]
    public void Activations_and_errors_are_those_of_a_forward_pass_at_each_timestep_and_noise_draw()
    {
        var engine = new ActivationEngine(
            new(() => new TinyUnet()),
            Options with
            {
                Projection = new() { Kind = ProjectionKind.None },
            },
            1
        );
        var features = engine.Compute(Pictures, null, TestContext.Current.CancellationToken);

        Assert.Equal("_last:input", engine.Place!.ToString());
        using var model = new TinyUnet();
        var grid = Options.TimestepGrid(1000);
        for (var r = 0; r < 2; r++)
        {
            for (var t = 0; t < 3; t++)
            {
                using var scope = NewDisposeScope();
                using var noGradient = no_grad();
                var step = tensor((long[])[grid[t]]);
                var noise = new NoiseSource(4)
                    .Normal(new(NoisePurpose.Attribution, grid[t], r), model.PictureShape)
                    .unsqueeze(0);
                var noisy = model.Process.AddNoise(tensor(Tables.Normal(3, 192), [1, 3, 8, 8]), noise, step);
                Assert.Equal(
                    (model.Predict(noisy, step) - noise).square().mean().item<float>(),
                    features[3].SquaredErrors[r][t],
                    1e-4
                );
                var modules = model.Network.named_modules().ToDictionary(pair => pair.name, pair => pair.module);
                var time = step.to_type(float32) / 1000;
                var hidden = nn.functional.silu(
                    ((Conv2d)modules["_first"]).call(noisy)
                        + ((Linear)modules["_time"]).call(stack([time, time.square()], 1)).view(1, 8, 1, 1)
                );
                Tables.Close(
                    [.. hidden.contiguous().data<float>().Select(v => (double)v)],
                    [.. features[3].Rows[ActivationEngine.Kind][r * 3 + t].Select(v => (double)v)],
                    1e-5
                );
            }
        }
    }

    [Fact]
    public void Before_a_last_layer_that_follows_a_normalisation_what_is_normalised_is_taken()
    {
        using var network = nn.Sequential(
            ("in", nn.Conv2d(3, 4, 3, padding: 1)),
            ("norm", nn.GroupNorm(2, 4)),
            ("act", nn.SiLU()),
            ("out", nn.Conv2d(4, 3, 3, padding: 1))
        );
        Assert.Equal(
            "norm:input",
            ActivationTap.Find(network, () => network.call(randn(1, 3, 4, 4)).Dispose()).ToString()
        );
    }

    [Theory]
    [InlineData("_first:output")]
    [InlineData("_time:input")]
    public void A_place_that_is_named_is_taken(string text)
    {
        var place = ActivationPlace.Parse(text);
        var engine = new ActivationEngine(new(() => new TinyUnet()), Options, 1, place);
        var row = engine.Compute(Pictures[..1], null, TestContext.Current.CancellationToken)[0].Rows[
            ActivationEngine.Kind
        ][0];
        Assert.Equal(text, engine.Place!.ToString());
        if (text == "_time:input")
            Assert.Equal([1 / 6f, 1 / 36f], row.Select(v => MathF.Round(v, 2)), new Near(0.01f));
        else
            Assert.Equal(8 * 64, row.Length);
    }

    [Fact]
    public void Long_activations_are_projected_and_workers_change_no_bit()
    {
        IReadOnlyList<PictureFeatures> Compute(int workers, ProjectionOptions projection) =>
            new ActivationEngine(new(() => new TinyUnet()), Options with { Projection = projection }, workers).Compute(
                Pictures,
                null,
                TestContext.Current.CancellationToken
            );
        var (one, three) = (Compute(1, new() { Dimension = 128 }), Compute(3, new() { Dimension = 128 }));
        for (var i = 0; i < Pictures.Length; i++)
            Assert.Equal(one[i].Rows[ActivationEngine.Kind], three[i].Rows[ActivationEngine.Kind]);

        // The projection keeps squared distances, nearly.
        var whole = Compute(1, new() { Dimension = 512 });
        double Distance(IReadOnlyList<PictureFeatures> features) =>
            features[0]
                .Rows[ActivationEngine.Kind][2]
                .Zip(features[1].Rows[ActivationEngine.Kind][2], (a, b) => Math.Pow((double)a - b, 2))
                .Sum();
        Assert.Equal(
            (128, 512),
            (one[0].Rows[ActivationEngine.Kind][0].Length, whole[0].Rows[ActivationEngine.Kind][0].Length)
        );
        Assert.Equal(1, Distance(one) / Distance(whole), 0.5);
        Assert.NotEqual(Distance(one), Distance(whole));
    }

    [Theory]
    [InlineData("sjlt:128")]
    [InlineData("sjlt:4096")]
    [InlineData("gaussian:16")]
    public void Batches_of_many_pictures_give_the_same(string projection)
    {
        var options = Options with { Projection = ProjectionOptions.Parse(projection) };
        // More than fit into one batch.
        ModelPicture[] pictures = [.. Pictures, .. Pictures, .. Pictures];
        var alone = Compute(options, pictures, takesMany: false);
        var together = Compute(options, pictures, takesMany: true);
        var single = Compute(options, Pictures[2..3], takesMany: true);
        foreach (var (expected, actual) in alone.Zip(together))
        {
            foreach (var (expectedRow, row) in Rows(expected).Zip(Rows(actual)))
                Tables.Close([.. expectedRow.Select(v => (double)v)], [.. row.Select(v => (double)v)], 1e-5);
            foreach (var (expectedErrors, errors) in expected.SquaredErrors.Zip(actual.SquaredErrors))
                Tables.Close(expectedErrors, errors, 1e-5);
        }
        Assert.Equal(Rows(single[0]), Rows(together[2]));
        Assert.Equal(single[0].SquaredErrors, together[2].SquaredErrors);

        static float[][] Rows(PictureFeatures features) => features.Rows[ActivationEngine.Kind];
    }

    [Fact]
    public void Activations_that_are_not_finite_are_those_of_a_named_picture()
    {
        ModelPicture[] pictures =
        [
            .. Pictures[..2],
            new("broken.png", () => [.. Enumerable.Repeat(float.NaN, 192)]),
            Pictures[3],
        ];
        foreach (var takesMany in (bool[])[false, true])
        {
            var error = Assert.Throws<AuditException>(() => Compute(Options, pictures, takesMany));
            Assert.Contains("'broken.png'", error.Message);
        }
    }

    [Fact]
    public void Places_that_are_none_are_refused()
    {
        Assert.Contains("MODULE:input", Assert.Throws<AuditException>(() => ActivationPlace.Parse("conv_out")).Message);
        Assert.Contains("'elsewhere'", Refusal(() => new TinyUnet(), "elsewhere:input"));
        Assert.Contains("does not call '_last'", Refusal(() => new TinyUnet(bypassHooks: true), "_last:output"));
        Assert.Contains(
            "calls no layer",
            Assert
                .Throws<AuditException>(() =>
                    new ActivationEngine(new(() => new LinearModel()), Options, 1).Compute(
                        [new("one", () => [0.5f])],
                        null,
                        TestContext.Current.CancellationToken
                    )
                )
                .Message.Replace("no layer as a module", "no layer")
        );
        static string Refusal(Func<IDiffusionModel> load, string place) =>
            Assert
                .Throws<AuditException>(() =>
                    new ActivationEngine(new(load), Options, 1, ActivationPlace.Parse(place)).Compute(
                        Pictures[..1],
                        null,
                        TestContext.Current.CancellationToken
                    )
                )
                .Message;
    }

    [Fact]
    public void Activations_that_are_not_finite_are_named()
    {
        static TinyUnet Broken()
        {
            var model = new TinyUnet();
            using var noGradient = no_grad();
            model.Network.parameters().First().fill_(float.NaN);
            return model;
        }

        var error = Assert.Throws<AuditException>(() =>
            new ActivationEngine(new(Broken), Options, 1).Compute(Pictures, null, TestContext.Current.CancellationToken)
        );
        Assert.Contains("'picture 0' in '_last' are not finite", error.Message);
    }

    private sealed class Near(float tolerance) : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(float obj) => 0;
    }

    private static IReadOnlyList<PictureFeatures> Compute(
        GradientOptions options,
        ModelPicture[] pictures,
        bool takesMany
    ) =>
        new ActivationEngine(new(() => new TinyUnet()), options, 1) { TakesManyPictures = takesMany }.Compute(
            pictures,
            null,
            TestContext.Current.CancellationToken
        );
}
