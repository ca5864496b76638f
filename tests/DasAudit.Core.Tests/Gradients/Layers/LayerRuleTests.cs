using DasAudit.Abstractions;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Core.Tests.Gradients.Layers;

/// <summary>Every kind of layer by itself, between two nonlinearities, against automatic differentiation.</summary>
public class LayerRuleTests
{
    private const int Rows = 5;

    private static readonly Dictionary<
        string,
        Func<(Layer Layer, ImageShape Shape, Func<Tensor, Tensor> Before)>
    > Cases = new()
    {
        ["linear on one position"] = () => (nn.Linear(12, 7), new(3, 2, 2), x => x.flatten(1)),
        ["linear on many positions"] = () => (nn.Linear(4, 7), new(3, 5, 4), x => x),
        ["linear called twice, its output used twice"] = () => (new Twice(), new(6, 1, 1), x => x.flatten(1)),
        ["linear without bias"] = () => (nn.Linear(4, 7, hasBias: false), new(3, 5, 4), x => x.flatten(1, 2)),
        ["conv 3×3"] = () => (nn.Conv2d(5, 7, 3, padding: 1), new(5, 9, 8), x => x),
        ["conv 3×3 of 16 and 32 channels"] = () => (nn.Conv2d(16, 32, 3, padding: 1), new(16, 8, 8), x => x),
        ["conv 3×3 of few positions"] = () => (nn.Conv2d(16, 32, 3, padding: 1), new(16, 2, 4), x => x),
        ["conv 3×3 of few positions, strided, of its own output"] = () =>
            (
                nn.Sequential(nn.Conv2d(12, 24, 3, stride: 2, padding: 1), nn.Conv2d(24, 16, 3, padding: 1)),
                new(12, 4, 4),
                x => x
            ),
        ["linear on few positions"] = () => (nn.Linear(16, 24), new(3, 1, 16), x => x.squeeze(2)),
        ["transposed conv of few positions"] = () => (nn.ConvTranspose2d(24, 20, 3, padding: 1), new(24, 2, 2), x => x),
        ["conv 3×3 without padding"] = () => (nn.Conv2d(3, 8, 3), new(3, 8, 8), x => x),
        ["conv 1×1"] = () => (nn.Conv2d(6, 4, 1), new(6, 5, 7), x => x),
        ["conv 1×1 strided"] = () => (nn.Conv2d(6, 4, 1, stride: 2), new(6, 7, 8), x => x),
        ["conv 5×3 strided, dilated, odd padding"] = () =>
            (nn.Conv2d(4, 6, (5, 3), (2, 3), (3, 1), (2, 1)), new(4, 13, 11), x => x),
        ["conv grouped"] = () => (nn.Conv2d(6, 9, 3, padding: 1, groups: 3, bias: false), new(6, 7, 7), x => x),
        ["conv depthwise, strided"] = () =>
            (nn.Conv2d(8, 8, 3, stride: 2, padding: 1, groups: 8), new(8, 7, 9), x => x),
        ["conv padded to the same size"] = () => (nn.Conv2d(3, 4, (4, 3), Padding.Same), new(3, 8, 8), x => x),
        ["conv padded by reflection"] = () =>
            (nn.Conv2d(3, 4, 3, padding: 2, padding_mode: PaddingModes.Reflect), new(3, 8, 6), x => x),
        ["conv padded in a circle"] = () =>
            (nn.Conv2d(3, 4, (3, 3), padding: (2, 1), padding_mode: PaddingModes.Circular), new(3, 6, 8), x => x),
        ["conv on contiguous memory"] = () => (nn.Conv2d(16, 16, 3, padding: 1), new(16, 8, 8), x => x.contiguous()),
        ["transposed conv"] = () =>
            (nn.ConvTranspose2d(4, 6, 3, stride: 2, padding: 1, output_padding: 1), new(4, 5, 6), x => x),
        ["transposed conv grouped, dilated"] = () =>
            (nn.ConvTranspose2d(4, 6, 3, groups: 2, dilation: 2, bias: false), new(4, 5, 6), x => x),
        ["group norm"] = () => (nn.GroupNorm(3, 12), new(12, 11, 13), x => x),
        ["group norm on channels-last memory"] = () => (nn.GroupNorm(2, 16), new(16, 12, 12), ChannelsLast),
        ["group norm on tokens"] = () => (nn.GroupNorm(4, 8), new(8, 5, 7), x => x.flatten(2)),
        ["layer norm"] = () => (nn.LayerNorm(6), new(5, 4, 6), x => x),
        ["layer norm over two dimensions"] = () => (nn.LayerNorm([4, 6]), new(5, 4, 6), x => x),
        ["layer norm without bias"] = () => (nn.LayerNorm(6, bias: false), new(5, 4, 6), x => x.flatten(1, 2)),
        ["embedding"] = () => (nn.Embedding(10, 4), new(1, 2, 3), Indices),
        ["embedding with a padding row"] = () => (nn.Embedding(10, 4, padding_idx: 5), new(1, 4, 6), Indices),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_gradients_are_those_of_autograd(string name) => Compare(name, seed => (seed == 2, null));

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_coordinates_under_LoGra_are_those_of_autograd(string name) =>
        Compare(
            name,
            seed =>
                (
                    false,
                    seed switch
                    {
                        0 => new(5, 3),
                        1 => new(20, 1),
                        _ => new(999, 999),
                    }
                )
        );

    private static void Compare(string name, Func<int, (bool Metric, LograRanks? Logra)> settings)
    {
        using var scope = NewDisposeScope();
        var (layer, shape, before) = Cases[name]();
        using var generator = new Generator(7);
        using (no_grad())
        {
            foreach (var parameter in layer.parameters())
                parameter.normal_(0, 0.5, generator);
        }

        ConvolutionLayout.UseChannelsLast(layer);
        using var model = new FunctionModel(
            layer,
            shape,
            (noisy, _, _) => nn.functional.silu(layer.call(before(noisy))) * 3
        );
        for (var seed = 0; seed < 3; seed++)
        {
            // Memory that holds garbage is what a kernel trips over that reads what was never written.
            for (var size = 1; size <= 6; size++)
                full([Rows, 4 * size, shape.Height, shape.Width], float.NaN).Dispose();
            GradientComparison.AssertEqualToAutograd(
                model,
                GradientComparison.Batch(model, Rows, seed: seed),
                metric: settings(seed).Metric,
                logra: settings(seed).Logra
            );
        }
    }

    private static Tensor Indices(Tensor noisy) => (noisy.flatten(1) * 3 + 5).clamp(0, 9).to_type(int64);

    // Addition hands one gradient to both sides, so what adds up the layer's gradients must not write into it.
    private sealed class Twice : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear _inner = nn.Linear(6, 6);

        public Twice()
            : base("Twice") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var once = input + _inner.call(input);
            return once + _inner.call(once);
        }
    }

    private static Tensor ChannelsLast(Tensor values) => values.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
}
