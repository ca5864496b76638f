using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Trak;

/// <summary>
/// TRAK (Park et al., ICML 2023, equation 16) for diffusion models: with φ the projected gradient of the training loss,
/// averaged over timesteps, and c the checkpoints,
/// <para>τ(z, i) = mean over c of φ_c(z)ᵀ·(Φ_cᵀΦ_c + λI)⁻¹·φ_ci × mean over c of Q_ci,  Q = 1.</para>
/// Q, the derivative of the loss by the output function, is 1 since the output function is the loss itself.
/// </summary>
internal sealed class TrakMethod : KernelMethod
{
    public override MethodDescription Description { get; } =
        new("trak", "TRAK", "Park et al., ICML 2023", "1 for each checkpoint")
        {
            Damping = new DegreesOfFreedom(0.3),
            Scores = new(
                "An estimate, by a linear approximation, of how much seeing the training picture lowered the model's "
                    + "error on the audited picture; below 0, how much it raised that.",
                LargerMeans: "seeing the training picture lowers the model's error on the audited picture more",
                Direction: ScoreDirection.Sign
            ),
        };

    public override MethodNeeds Needs { get; } =
        new() { Features = [new("trak", FeatureKind.RawLoss) { Checkpoints = CheckpointChoice.All }] };

    protected override SetEffect Effect => SetEffect.Change;

    protected override BandValues Formula(DampedKernel kernel, MethodOptions options) => kernel.Band(kernel.Scores);
}
