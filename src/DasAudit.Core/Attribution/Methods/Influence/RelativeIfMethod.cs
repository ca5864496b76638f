using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// Influence relative to how far learning the picture moves the model (Barshan et al., AISTATS 2020), so that pictures
/// that influence everything do not lead every list: <c>relative-if</c> counts in parameters (θ-relative influence),
/// <c>l-relative-if</c> in losses (ℓ-relative). φ is the projected gradient of the loss, averaged over timesteps:
/// <para>τ(z, i) = φ(z)ᵀ·K_λ⁻¹·φ_i/‖K_λ⁻¹·φ_i‖₂,  or  φ(z)ᵀ·K_λ⁻¹·φ_i/√h_i,  h_i = φ_iᵀ·K_λ⁻¹·φ_i.</para>
/// </summary>
internal sealed class RelativeIfMethod : KernelMethod
{
    private readonly bool _toLosses;

    private RelativeIfMethod(string id, string title, bool toLosses)
    {
        _toLosses = toLosses;
        Description = new(id, title, "Barshan et al., AISTATS 2020", "1")
        {
            Damping = new DegreesOfFreedom(0.3),
            Scores = new(
                "An estimate, by a linear approximation, of how much seeing the training picture lowered the model's "
                    + "error on the audited picture, divided by how much learning it changed "
                    + $"{(toLosses ? "the model's errors" : "the model's parameters")}; below 0, it raised the error.",
                LargerMeans: "for as much as learning it changes the model, the training picture lowers the model's "
                    + "error on the audited picture more",
                Direction: ScoreDirection.Sign
            ),
        };
    }

    public static RelativeIfMethod ToParameters { get; } = new("relative-if", "Relative influence", toLosses: false);

    public static RelativeIfMethod ToLosses { get; } = new("l-relative-if", "Loss-relative influence", toLosses: true);

    public override MethodDescription Description { get; }

    public override MethodNeeds Needs { get; } = new() { Features = [new("relative-if", FeatureKind.RawLoss)] };

    protected override SetEffect Effect => SetEffect.Change;
    protected override bool HasRefits => false;

    protected override BandValues Formula(DampedKernel kernel, MethodOptions options) =>
        kernel.Band(damping => kernel.Scores(damping) / Changes(kernel, damping).clamp_min(1e-300));

    // How much learning a picture changes the errors or the parameters.
    private Tensor Changes(DampedKernel kernel, double damping) =>
        _toLosses ? kernel.Leverages(damping).sqrt() : kernel.StepLengths(damping);
}
