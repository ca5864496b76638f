using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>⟨v, ε̂⟩ with v the same for every picture: the vector form of DAS.</summary>
/// <remarks>E‖vᵀJ‖² is the squared Frobenius norm of J, so a few probes stand for all outputs at once.</remarks>
internal sealed class RandomProbeOutput(int number, long seed) : ProbeOutput(OutputFunctions.RandomProbe, number)
{
    private readonly NoiseSource _source = new(seed);

    public override bool HasTangentTarget => false;

    protected override IReadOnlyList<NoiseSource> Sources(NoisyBatch batch) =>
        [.. Enumerable.Repeat(_source, batch.Rows)];
}
