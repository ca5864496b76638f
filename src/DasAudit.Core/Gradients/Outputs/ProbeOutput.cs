using System.Globalization;
using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>⟨v, ε̂⟩ with v ~ N(0, I) drawn for each pass; probes are numbered from 0.</summary>
/// <remarks>In a region of weights w it is ⟨v, √w·ε̂⟩, whose square is in expectation Σ_j w_j·ε̂_j².</remarks>
internal abstract class ProbeOutput(string prefix, int number) : IOutputFunction
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");

    public abstract bool HasTangentTarget { get; }

    public Tensor Of(Tensor prediction, NoisyBatch batch)
    {
        var length = (int)(prediction.numel() / batch.Rows);
        var probes = new float[batch.Rows * length];
        var sources = Sources(batch);
        foreach (var (b, pass) in batch.Passes.Index())
        {
            var draw = checked(pass.Replicate * OutputFunctions.MostProbes + number);
            var place = new NoiseAddress(NoisePurpose.Probe, pass.Timestep, draw);
            sources[b].Normal(place, probes.AsSpan(b * length, length));
        }

        return (
            batch.WeighedByRoots(prediction).flatten(1)
            * tensor(probes, [batch.Rows, length], device: prediction.device)
        ).sum([1L]);
    }

    /// <summary>Where the probe of each row is drawn from.</summary>
    protected abstract IReadOnlyList<NoiseSource> Sources(NoisyBatch batch);
}
