using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>⟨v, ε̂⟩ with v drawn for each picture from what the network sees: equal pictures, equal probes.</summary>
/// <remarks>
/// With w_i = vᵀJ_i, Σ_i w_iw_iᵀ is a Monte-Carlo estimate of the Fisher matrix Σ_i J_iᵀJ_i (Martens, 2020). Its errors
/// average out over the pictures; with the same v for all they would not.
/// </remarks>
internal sealed class PictureProbeOutput(int number, long seed) : ProbeOutput(OutputFunctions.PictureProbe, number)
{
    public override bool HasTangentTarget => true;

    protected override IReadOnlyList<NoiseSource> Sources(NoisyBatch batch)
    {
        using var scope = NewDisposeScope();
        var values = (batch.NoisyOnProcessor ?? batch.Noisy).cpu().contiguous().data<float>().ToArray();
        return [.. values.Chunk(values.Length / batch.Rows).Select(row => new NoiseSource(seed ^ Key(row)))];
    }

    private static long Key(float[] values) =>
        BitConverter.ToInt64(SHA256.HashData(MemoryMarshal.AsBytes<float>(values)));
}
