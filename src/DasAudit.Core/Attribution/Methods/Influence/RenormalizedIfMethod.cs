using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// Renormalised influence (Hammoudeh and Lowd, CCS 2022): influence over the length of the picture's own gradient,
/// <para>τ(z, i) = φ(z)ᵀ·K_λ⁻¹·φ_i/‖φ_i‖₂,</para>
/// φ the projected gradient of the training loss, averaged over timesteps.
/// </summary>
internal sealed class RenormalizedIfMethod : KernelMethod
{
    public override MethodDescription Description { get; } =
        new("renormalized-if", "Renormalised influence", "Hammoudeh and Lowd, CCS 2022", "1")
        {
            Damping = new DegreesOfFreedom(0.3),
            Scores = new(
                "An estimate, by a linear approximation, of how much seeing the training picture lowered the model's "
                    + "error on the audited picture, divided by how strongly the training picture pulls at the model "
                    + "at all; below 0, it raised the error.",
                LargerMeans: "for the size of its gradient, the training picture lowers the model's error on the "
                    + "audited picture more",
                Direction: ScoreDirection.Sign
            ),
        };

    public override MethodNeeds Needs { get; } = new() { Features = [new("renormalized-if", FeatureKind.RawLoss)] };

    protected override SetEffect Effect => SetEffect.Change;
    protected override bool HasRefits => false;

    protected override BandValues Formula(DampedKernel kernel, MethodOptions options)
    {
        var lengths = kernel.Table.Lengths(FeatureKind.RawLoss, kernel.Row).clamp_min(1e-300);
        return kernel.Band(damping => kernel.Scores(damping) / lengths);
    }
}
