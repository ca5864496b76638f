using System.Globalization;
using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>
/// ⟨v, ε̂⟩ with v ~ N(0, I) of its own for each pass, the same for every picture. Since E‖vᵀJ‖² is the squared Frobenius norm of J, a few
/// probes stand for all outputs at once: the vector form of DAS.
/// </summary>
/// <param name="number">Which probe, from 0.</param>
/// <param name="seed">Seed of the noise.</param>
internal sealed class RandomProbeOutput(int number, long seed) : IOutputFunction
{
    private readonly NoiseSource _source = new(seed);

    public string Name => string.Create(CultureInfo.InvariantCulture, $"random-probe:{number}");

    public Tensor Of(Tensor prediction, NoisyBatch batch)
    {
        var length = (int)(prediction.numel() / batch.Rows);
        var probes = new float[batch.Rows * length];
        foreach (var (b, pass) in batch.Passes.Index())
            _source.Normal(
                new(NoisePurpose.Probe, pass.Timestep, checked(pass.Replicate * OutputFunctions.MostProbes + number)),
                probes.AsSpan(b * length, length)
            );
        return (prediction.flatten(1) * tensor(probes, [batch.Rows, length], device: prediction.device)).sum([1L]);
    }
}
