using DasAudit.Abstractions;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients.Layers;

/// <summary>A network whose middle adds a learned position to each token and scales channels.</summary>
public class ModuleGradientsRuleTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor, Dictionary<string, Tensor>>> Gradients = new()
    {
        ["right"] = Right,
        ["half"] = (input, delta) => new(Right(input, delta)) { ["scale"] = Right(input, delta)["scale"] / 2 },
        ["missing"] = (input, delta) => new() { ["position"] = Right(input, delta)["position"] },
        ["summed"] = (input, delta) => new(Right(input, delta)) { ["scale"] = Right(input, delta)["scale"].sum([0L]) },
        ["throwing"] = (_, _) => throw new NotSupportedException("not yet"),
    };

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, 2)]
    public void What_a_module_says_agrees_with_autograd(bool metric, int? rank)
    {
        using var model = Model("right");
        GradientComparison.AssertEqualToAutograd(
            model,
            GradientComparison.Batch(model, 5),
            metric: metric,
            logra: rank is { } r ? new LograRanks(r, r) : null
        );
    }

    [Fact]
    public void Only_some_of_its_parameters_may_be_attributed()
    {
        using var model = Model("right");
        GradientComparison.AssertEqualToAutograd(model, GradientComparison.Batch(model, 5), pattern: "scale");
    }

    [Fact]
    public void Its_parameters_are_not_projected_by_LoGra()
    {
        using var model = Model("right");
        var parameters = AttributedParameters.Select(model, null, logra: new(2, 2));
        Assert.Equal(12, parameters.Space.Lengths[parameters.Names.ToList().IndexOf("middle.position")]);
        Assert.Equal(4, parameters.Space.Lengths[parameters.Names.ToList().IndexOf("last.weight")]);
    }

    [Theory]
    [InlineData("right", null)]
    [InlineData("half", "the gradient of middle.scale differs from automatic differentiation's")]
    [InlineData("missing", "middle: IPerSampleGradients gives nothing for scale")]
    [InlineData("summed", "middle: IPerSampleGradients gives Float32 [3] for scale, not Float32 [2, 3]")]
    [InlineData("throwing", "middle: IPerSampleGradients fails: not yet")]
    public void A_wrong_one_is_found_and_features_are_right_all_the_same(string kind, string? reason)
    {
        var options = new GradientOptions
        {
            Timesteps = 2,
            Replicates = 1,
            Projection = new() { Kind = ProjectionKind.None },
        };
        var pictures = new[]
        {
            new ModelPicture("picture", () => [.. Enumerable.Range(0, 12).Select(n => MathF.Sin(n))]),
        };
        var engine = new FeatureEngine(new(() => Model(kind)), options, 1);
        var actual = engine.Compute(pictures, null, CancellationToken.None)[0];
        var expected = new FeatureEngine(new(() => Model("right")), options, 1).Compute(
            pictures,
            null,
            CancellationToken.None
        )[0];

        Assert.Equal(reason, engine.SlowBecause);
        foreach (var (kindOfFeature, rows) in expected.Rows)
        {
            for (var i = 0; i < rows[0].Length; i++)
                Assert.Equal(rows[0][i], actual.Rows[kindOfFeature][0][i], 1e-5f);
        }
    }

    private static Dictionary<string, Tensor> Right(Tensor input, Tensor delta) =>
        new() { ["position"] = delta, ["scale"] = (input * delta).sum([1L]) };

    // [B, 3, 2, 2] → tokens [B, 4, 3]
    private static FunctionModel Model(string kind)
    {
        using var generator = new Generator(7);
        var (first, middle, last) = (nn.Linear(3, 3), new Middle(Gradients[kind]), nn.Linear(3, 3, hasBias: false));
        var network = nn.Sequential(("first", first), ("middle", middle), ("last", last));
        using (no_grad())
        {
            foreach (var parameter in network.parameters())
                parameter.normal_(0, 0.5, generator);
        }

        return new(
            network,
            new(3, 2, 2),
            (noisy, _, _) =>
                nn
                    .functional.silu(
                        last.call(
                            nn.functional.silu(
                                middle.call(nn.functional.silu(first.call(noisy.flatten(2).transpose(1, 2))))
                            )
                        )
                    )
                    .transpose(1, 2)
                    .reshape(noisy.shape)
        );
    }

    private sealed class Middle : nn.Module<Tensor, Tensor>, IPerSampleGradients
    {
        private readonly Func<Tensor, Tensor, Dictionary<string, Tensor>> _gradients;
        private readonly Parameter position = new(zeros(4, 3));
        private readonly Parameter scale = new(ones(3));

        public Middle(Func<Tensor, Tensor, Dictionary<string, Tensor>> gradients)
            : base("Middle")
        {
            _gradients = gradients;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => input * scale + position;

        public IReadOnlyDictionary<string, Tensor> PerSampleGradients(Tensor input, Tensor outputGradient) =>
            _gradients(input, outputGradient);
    }
}
