using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Curvature;

/// <summary>What the engine starts from, made again: pictures, weights and noisy passes.</summary>
internal static class EkfacReference
{
    /// <summary>The engine's damping by default.</summary>
    internal const double Damping = 0.1;

    internal static ModelPicture[] Pictures(int count, int length) =>
        [.. Enumerable.Range(0, count).Select(i => new ModelPicture($"{i}", () => Tables.Normal(20 + i, length)))];

    /// <summary>Gives every parameter of a network random values.</summary>
    internal static void Seed(nn.Module network)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (i, parameter) in network.parameters().Index())
            parameter.copy_(tensor(Tables.Normal(90 + i, (int)parameter.numel())).view_as(parameter) * 0.3);
    }

    /// <summary>Passes in order of draw, then timestep: x_t, ε, and what numbers the sampled target.</summary>
    internal static IEnumerable<(float[] Noisy, float[] Noise, int Key)> Passes(
        IDiffusionModel model,
        ModelPicture picture,
        GradientOptions options
    )
    {
        var key = BitConverter.ToInt32(SHA256.HashData(MemoryMarshal.AsBytes<float>(picture.Read())));
        for (var r = 0; r < options.Replicates; r++)
        {
            foreach (var t in options.TimestepGrid(1000))
            {
                var noise = new float[model.SampleShape.Length];
                new NoiseSource(options.Seed).Normal(new(NoisePurpose.Attribution, t, r), noise);
                var alphaBar = ((DiscreteDiffusion)model.Process).Schedule.AlphasCumprod[t];
                yield return (
                    [.. picture.Read().Zip(noise, (x, e) => MathF.Sqrt(alphaBar) * x + MathF.Sqrt(1 - alphaBar) * e)],
                    noise,
                    unchecked(key + r)
                );
            }
        }
    }

    /// <summary>A gradient [O, I] row by row.</summary>
    internal static Vector<double> Flat(Matrix<double> gradient) =>
        Vector<double>.Build.DenseOfArray(gradient.ToRowMajorArray());
}
