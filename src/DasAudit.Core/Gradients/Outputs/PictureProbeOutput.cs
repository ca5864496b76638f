using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>
/// ⟨v, ε̂⟩ with v ~ N(0, I) of its own for each pass and each picture: with w_i = vᵀJ_i, Σ_i w_iw_iᵀ is a Monte-Carlo estimate of the Fisher
/// matrix Σ_i J_iᵀJ_i (Martens, 2020) whose errors average out over the pictures, as they would not were v the same for all. v follows from
/// what the network sees, so equal pictures have equal probes.
/// </summary>
/// <param name="number">Which probe, from 0.</param>
/// <param name="seed">Seed of the noise.</param>
internal sealed class PictureProbeOutput(int number, long seed) : IOutputFunction
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"picture-probe:{number}");

    public bool HasTangentTarget => true;

    public Tensor Of(Tensor prediction, NoisyBatch batch)
    {
        var length = (int)(prediction.numel() / batch.Rows);
        var probes = new float[batch.Rows * length];
        foreach (var (b, pass) in batch.Passes.Index())
        {
            var seen = batch.Noisy[b].cpu().contiguous().data<float>().ToArray();
            var key = BitConverter.ToInt64(SHA256.HashData(MemoryMarshal.AsBytes<float>(seen)));
            new NoiseSource(seed ^ key).Normal(
                new(NoisePurpose.Probe, pass.Timestep, checked(pass.Replicate * OutputFunctions.MostProbes + number)),
                probes.AsSpan(b * length, length)
            );
        }

        return (prediction.flatten(1) * tensor(probes, [batch.Rows, length], device: prediction.device)).sum([1L]);
    }
}
