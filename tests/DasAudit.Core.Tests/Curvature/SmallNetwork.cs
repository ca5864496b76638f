using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Curvature;

/// <summary>ε̂ = conv(silu(conv(x_t))) on one grey channel of 4×4, and the same in double by loops.</summary>
internal sealed class SmallNetwork
{
    private readonly (Matrix<double> First, Matrix<double> Second) _weights;

    public SmallNetwork()
    {
        var network = nn.Sequential(
            ("first", nn.Conv2d(1, 2, 3, padding: 1)),
            ("act", nn.SiLU()),
            ("second", nn.Conv2d(2, 1, 3, padding: 1))
        );
        EkfacReference.Seed(network);
        var values = network.parameters().Select(parameter => parameter.data<float>().ToArray()).ToArray();
        _weights = (Weights(values[0], values[1], 2), Weights(values[2], values[3], 1));
        ConvolutionLayout.UseChannelsLast(network);
        Model = new(network, new(1, 4, 4), (noisy, _, _) => network.call(noisy));
    }

    public FunctionModel Model { get; }

    /// <summary>a [I, 16] and δ [O, 16] of both layers, for each pass with a sampled target.</summary>
    public IEnumerable<(Matrix<double> A, Matrix<double> Deltas)[]> Sampled(
        ModelPicture picture,
        GradientOptions options
    )
    {
        var grid = options.TimestepGrid(1000);
        foreach (var (p, pass) in EkfacReference.Passes(Model, picture, options).Index())
        {
            var xi = new float[16];
            new NoiseSource(options.Seed).Normal(new(NoisePurpose.SampledTarget, grid[p % grid.Length], pass.Key), xi);
            yield return Backward(pass.Noisy, _ => [.. xi.Select(v => Math.Sqrt(2 / 16.0) * v)]);
        }
    }

    /// <summary>The gradient of the loss in both layers, averaged over the timesteps of a noise draw.</summary>
    public Vector<double>[] Loss(ModelPicture picture, GradientOptions options, int replicate)
    {
        var count = options.Timesteps;
        var passes = EkfacReference
            .Passes(Model, picture, options)
            .Skip(replicate * count)
            .Take(count)
            .Select(pass =>
                Backward(pass.Noisy, prediction => [.. prediction.Zip(pass.Noise, (e, y) => 2 / 16.0 * (e - y))])
            )
            .ToList();
        return
        [
            .. Enumerable
                .Range(0, 2)
                .Select(l =>
                    EkfacReference.Flat(
                        passes.Select(pass => pass[l].Deltas * pass[l].A.Transpose()).Aggregate((sum, m) => sum + m)
                            / count
                    )
                ),
        ];
    }

    private (Matrix<double> A, Matrix<double> Deltas)[] Backward(float[] noisy, Func<double[], double[]> gradient)
    {
        var first = Patches([
            [.. noisy.Select(v => (double)v)],
        ]);
        var before = _weights.First * first;
        var second = Patches([
            .. Enumerable.Range(0, 2).Select(c => before.Row(c).Select(v => v / (1 + Math.Exp(-v))).ToArray()),
        ]);
        var delta = Matrix<double>.Build.DenseOfRowArrays(gradient([.. (_weights.Second * second).Row(0)]));
        // Back through the patches: what position l sees at (c, k) lies at its neighbour.
        var patches = _weights.Second.Transpose() * delta;
        var hidden = Matrix<double>.Build.Dense(2, 16);
        Neighbours((c, k, l, at) => hidden[c, at] += patches[c * 9 + k, l], 2);
        hidden.MapIndexedInplace((c, l, v) => v * Slope(before[c, l]));
        return [(first, hidden), (second, delta)];
    }

    private static double Slope(double v)
    {
        var s = 1 / (1 + Math.Exp(-v));
        return s * (1 + v * (1 - s));
    }

    private static Matrix<double> Patches(double[][] channels)
    {
        var patches = Matrix<double>.Build.Dense(channels.Length * 9 + 1, 16);
        Neighbours((c, k, l, at) => patches[c * 9 + k, l] = channels[c][at], channels.Length);
        for (var l = 0; l < 16; l++)
            patches[channels.Length * 9, l] = 1;
        return patches;
    }

    private static void Neighbours(Action<int, int, int, int> each, int channels)
    {
        for (var c = 0; c < channels; c++)
        for (var k = 0; k < 9; k++)
        for (var l = 0; l < 16; l++)
        {
            var (y, x) = (l / 4 + k / 3 - 1, l % 4 + k % 3 - 1);
            if (y is >= 0 and < 4 && x is >= 0 and < 4)
                each(c, k, l, y * 4 + x);
        }
    }

    private static Matrix<double> Weights(float[] weight, float[] bias, int outputs)
    {
        var inputs = weight.Length / outputs;
        return Matrix<double>.Build.Dense(
            outputs,
            inputs + 1,
            (o, i) => i == inputs ? bias[o] : weight[o * inputs + i]
        );
    }
}
