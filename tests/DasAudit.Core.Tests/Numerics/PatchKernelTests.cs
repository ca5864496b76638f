using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Numerics;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Numerics;

public class PatchKernelTests
{
    private static readonly ConvolutionGeometry Usual = new((3, 3), (1, 1), (1, 1), (1, 1), (1, 1), 1);

    private static readonly Dictionary<string, (ConvolutionGeometry Geometry, int[] Picture, int Outputs)> Cases = new()
    {
        ["3×3"] = (Usual, [16, 8, 8], 8),
        ["3×3 with few and odd channels"] = (Usual, [3, 9, 7], 5),
        ["3×3 with a rest of channels"] = (Usual, [37, 6, 6], 7),
        ["several blocks of rows"] = (Usual, [16, 50, 40], 4),
        ["several blocks of columns"] = (Usual, [5, 3, 1300], 6),
        ["a single position"] = (Usual with { Before = (0, 0), After = (0, 0) }, [16, 3, 3], 4),
        ["1×1"] = (ConvolutionGeometry.Pointwise, [64, 5, 6], 12),
        ["tokens"] = (ConvolutionGeometry.Pointwise, [24, 1, 700], 16),
        ["strided"] = (Usual with { Stride = (2, 3) }, [16, 13, 17], 4),
        ["strided 1×1"] = (ConvolutionGeometry.Pointwise with { Stride = (2, 2) }, [32, 8, 9], 4),
        ["dilated"] = (Usual with { Dilation = (2, 3), Before = (2, 3), After = (2, 3) }, [16, 9, 11], 4),
        ["padding beyond the picture"] = (Usual with { Before = (4, 5), After = (6, 3) }, [8, 3, 2], 4),
        ["padding on one side"] = (Usual with { Before = (0, 0), After = (1, 1), Stride = (2, 2) }, [16, 8, 8], 4),
        ["5×2"] = (new((5, 2), (1, 2), (1, 1), (2, 0), (2, 1), 1), [20, 9, 10], 9),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_kernel_computes_products_of_matrices_with_registers_of_every_width(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(11);
        var (geometry, picture, outputs) = Cases[name];
        var (height, width) = (Positions(picture[1], g => g.Y), Positions(picture[2], g => g.X));
        var pixels = randn([2, picture[1], picture[2], picture[0]], generator: generator);
        Tensor[] values =
        [
            randn([2, height, width, outputs], generator: generator),
            rand([2, height, width, outputs], generator: generator),
        ];

        var expected = new PatchProducts(geometry).ByMatrices(
            pixels.to_type(float64),
            [.. values.Select(v => v.permute(0, 3, 1, 2).to_type(float64))]
        );
        // The results are left as they were allocated, so that numbers never written would show.
        for (var i = 0; i < 4; i++)
            full(expected[0].shape, float.NaN).Dispose();
        var wide = PatchKernel.Products(pixels, values, geometry, wide: true);
        var usual = PatchKernel.Products(pixels, values, geometry, wide: false);
        for (var f = 0; f < 2; f++)
        {
            Assert.InRange(((wide[f] - expected[f]).norm() / expected[f].norm()).item<double>(), 0, 1e-6);
            Assert.True(wide[f].equal(usual[f]).all().item<bool>());
        }

        int Positions(int size, Func<(int Y, int X), int> of) =>
            (size + of(geometry.Before) + of(geometry.After) - of(geometry.Dilation) * (of(geometry.Kernel) - 1) - 1)
                / of(geometry.Stride)
            + 1;
    }
}
