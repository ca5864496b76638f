using DasAudit.Abstractions;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients;

public class ReducedPrecisionTests
{
    // How far a sum of products of rounded values, itself rounded, may be off: 2⁻⁸ for each of them.
    private const double Rounding = 1e-2;

    [Theory]
    [InlineData(16, 16, 8, 4, 3, 1)]
    [InlineData(16, 48, 8, 1, 3, 1)]
    [InlineData(48, 16, 5, 2, 3, 2)]
    [InlineData(32, 80, 7, 3, 1, 1)]
    [InlineData(64, 32, 32, 1, 3, 1)]
    [InlineData(64, 64, 16, 8, 3, 2)]
    [InlineData(112, 208, 4, 2, 3, 1)]
    public void Convolutions_are_right_whatever_memory_holds(
        int inputs,
        int outputs,
        int side,
        int batch,
        int kernel,
        int stride
    )
    {
        using var scope = NewDisposeScope();
        TorchThreads.Use(1);
        random.manual_seed(1);
        var convolution = nn.Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel / 2);
        ConvolutionLayout.UseChannelsLast(convolution);
        var weight = Rounded(convolution.weight!.detach());
        var bias = Rounded(convolution.bias!.detach());
        Assert.Single(ReducedPrecision.Use(convolution, ScalarType.BFloat16));

        for (var repetition = 0; repetition < 20; repetition++)
        {
            Dirty(batch, side);
            var values = Rounded(randn(batch, inputs, side, side));
            if (repetition % 2 == 1)
                values = values.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
            var input = values.clone().requires_grad_(true);
            var output = convolution.call(input);
            Assert.Equal(ScalarType.Float32, output.dtype);
            var probe = Rounded(randn(output.shape));
            var actual = autograd.grad([(output * probe).sum()], [input, convolution.weight!], allow_unused: true);

            var exact = values.detach().requires_grad_(true);
            var exactWeight = weight.clone().requires_grad_(true);
            var columns = nn.functional.unfold(exact, kernel, padding: kernel / 2, stride: stride);
            var product = (exactWeight.reshape(outputs, -1).matmul(columns) + bias.unsqueeze(1)).view(output.shape);
            var expected = autograd.grad([(product * probe).sum()], [exact, exactWeight], allow_unused: true);
            Close(product, output);
            for (var i = 0; i < 2; i++)
                Close(expected[i], actual[i].to_type(ScalarType.Float32));
        }
    }

    [Theory]
    [InlineData("sjlt:4096", false, GradientPrecision.BFloat16, false)]
    [InlineData("logra:8x8", false, GradientPrecision.BFloat16, false)]
    [InlineData("sjlt:4096", true, GradientPrecision.BFloat16, false)]
    [InlineData("sjlt:4096", false, GradientPrecision.BFloat16, true)]
    [InlineData("sjlt:4096", false, GradientPrecision.Half, false)]
    [InlineData("sjlt:4096", false, GradientPrecision.Half, true)]
    public void Features_are_nearly_those_of_float32(
        string projection,
        bool slow,
        GradientPrecision precision,
        bool onDevice
    )
    {
        var options = new GradientOptions
        {
            Timesteps = 3,
            Replicates = 2,
            Projection = ProjectionOptions.Parse(projection),
        };
        var pictures = Enumerable
            .Range(0, 2)
            .Select(i => new ModelPicture(
                $"{i}",
                () => [.. Enumerable.Range(0, 3 * 8 * 8).Select(n => MathF.Sin(n * (i + 1)))]
            ))
            .ToArray();
        var full = new FeatureEngine(new(() => Model(slow)), options, 1).Compute(
            pictures,
            null,
            CancellationToken.None
        );
        var engine = new FeatureEngine(new(() => Model(slow)), options with { Precision = precision }, 2)
        {
            TakesManyPictures = onDevice,
        };
        var rounded = engine.Compute(pictures, null, CancellationToken.None);

        Assert.Equal(slow, engine.SlowBecause is not null);
        for (var i = 0; i < 2; i++)
        {
            foreach (var kind in options.Kinds)
            {
                var (expected, actual) = (full[i].Rows[kind][1], rounded[i].Rows[kind][1]);
                Assert.NotEqual(expected, actual);
                Assert.InRange(
                    System.Numerics.Tensors.TensorPrimitives.CosineSimilarity(expected, actual),
                    0.9995,
                    1.000001
                );
                Assert.InRange(
                    System.Numerics.Tensors.TensorPrimitives.Norm(actual)
                        / System.Numerics.Tensors.TensorPrimitives.Norm(expected),
                    0.99,
                    1.01
                );
            }
        }
    }

    [Fact]
    public void Tensor_float_is_refused_on_a_processor()
    {
        var engine = new FeatureEngine(
            new(() => Model(false)),
            new() { Precision = GradientPrecision.TensorFloat32 },
            1
        );

        var error = Assert.Throws<AuditException>(() =>
            engine.Compute([new("picture", () => new float[3 * 8 * 8])], null, CancellationToken.None)
        );

        Assert.Contains("{precision} tf32 is what NVIDIA GPUs have", error.Message);
    }

    [Fact]
    public void A_layer_called_without_its_hooks_is_refused() =>
        Assert.Matches(
            "does not run with {precision} bf16 .*; leave that option out.$",
            Assert
                .Throws<AuditException>(() =>
                    new FeatureEngine(
                        new(() => Model(false, bypass: true)),
                        new() { Precision = GradientPrecision.BFloat16 },
                        1
                    ).Compute([new("picture", () => new float[3 * 8 * 8])], null, CancellationToken.None)
                )
                .Message
        );

    [Fact]
    public void Layers_that_could_go_wrong_stay_float32()
    {
        using var odd = nn.Conv2d(24, 16, 3);
        using var grouped = nn.Conv2d(32, 32, 3, groups: 2);
        using var rgb = nn.Linear(16, 3);
        using var even = nn.ConvTranspose2d(32, 16, 3);
        using var tied = nn.Linear(16, 16);
        using var tiedToo = nn.Linear(16, 16);
        tiedToo.weight = tied.weight;
        using var network = nn.Sequential(odd, grouped, rgb, even, tied, tiedToo);
        Assert.Same(even, Assert.Single(ReducedPrecision.Use(network, ScalarType.BFloat16)));
        Assert.Equal(2, network.parameters().Count(parameter => parameter.dtype == ScalarType.BFloat16));
    }

    private static FunctionModel Model(bool slow, bool bypass = false)
    {
        var network = new Net(slow);
        return new(network, new(3, 8, 8), (noisy, _, _) => network.Run(noisy, bypass));
    }

    private sealed class Net : nn.Module
    {
        private readonly Conv2d _first = nn.Conv2d(3, 32, 3, padding: 1);
        private readonly Conv2d _second = nn.Conv2d(32, 48, 3, padding: 1);
        private readonly Linear _third = nn.Linear(48, 32);
        private readonly Linear _last = nn.Linear(32, 3);
        private readonly Parameter? _gain;

        public Net(bool slow)
            : base("Net")
        {
            if (slow)
                _gain = new Parameter(ones(32));
            RegisterComponents();
            using var noGradient = no_grad();
            using var generator = new Generator(5);
            foreach (var parameter in parameters())
                parameter.normal_(0, 0.1, generator);
            ConvolutionLayout.UseChannelsLast(this);
        }

        public Tensor Run(Tensor noisy, bool bypass)
        {
            var hidden = nn.functional.silu(_first.call(noisy));
            hidden = nn.functional.silu(bypass ? _second.forward(hidden) : _second.call(hidden));
            hidden = nn.functional.silu(_third.call(hidden.permute(0, 2, 3, 1)));
            return _last.call(_gain is null ? hidden : hidden * _gain).permute(0, 3, 1, 2);
        }
    }

    private static void Dirty(int batch, int side)
    {
        for (var size = 1; size <= 6; size++)
        {
            full([batch, 16 * size, side, side], float.NaN).Dispose();
            full([batch, 16 * size, side, side], float.NaN, dtype: ScalarType.BFloat16).Dispose();
        }
    }

    private static Tensor Rounded(Tensor values) => values.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32);

    private static void Close(Tensor expected, Tensor actual)
    {
        var difference = ((actual - expected).norm() / expected.norm()).item<float>();
        Assert.True(difference < Rounding, $"relative difference {difference}");
    }
}
