using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Trak;

/// <summary>
/// D-TRAK (Zheng et al., ICLR 2024, equation 6): TRAK with another output function than the loss on both sides,
/// <para>τ(z, i) = φ(z)ᵀ·(ΦᵀΦ + λI)⁻¹·φ_i,</para>
/// φ the projected gradient of (1/d)·‖ε̂‖² averaged over timesteps, or, for <c>d-trak:FUNCTION</c>, of one of the
/// paper's other functions.
/// </summary>
internal sealed class DTrakMethod : KernelMethod
{
    private const string Name = "d-trak";
    private const string Published = "squared-norm";

    /// <summary>Of <c>squared-norm</c> (published), <c>mean</c>, <c>weighted-mse</c> or an l-norm.</summary>
    public DTrakMethod(string function = Published)
    {
        Description = new(
            function == Published ? Name : $"{Name}:{function}",
            function == Published ? "D-TRAK" : $"D-TRAK of {function}",
            "Zheng et al., ICLR 2024",
            "1"
        )
        {
            Damping = UsualDamping(function),
            Scores = new(
                "How far the training picture and the audited picture ask the same change of the model, judged by "
                    + $"{Judged(function)}. Below 0 they ask the opposite; that does not say that either harms the "
                    + "other.",
                LargerMeans: "the training picture and the audited picture ask the same of the model; below 0, the "
                    + "opposite"
            ),
        };
        Needs = new() { Features = [new(Name, new FeatureKind(function, Unit: false))] };
    }

    public override MethodDescription Description { get; }

    public override MethodNeeds Needs { get; }

    protected override SetEffect Effect => SetEffect.Change;

    protected override BandValues Formula(DampedKernel kernel, MethodOptions options) => kernel.Band(kernel.Scores);

    // Measured by retraining: docs/evaluation.md. Of the other functions nothing is known.
    private static IDampingRule UsualDamping(string function) =>
        function switch
        {
            Published => new DegreesOfFreedom(0.2),
            "weighted-mse" => new DegreesOfFreedom(0.3),
            _ => DampingRules.Default,
        };

    private static string Judged(string function) =>
        function switch
        {
            "mean" => "the average of its prediction",
            "weighted-mse" => "its prediction's errors, each timestep weighed as in the likelihood",
            "l1-norm" => "the sum of its prediction's magnitudes",
            "l2-norm" => "the length of its prediction",
            "linf-norm" => "the largest magnitude in its prediction",
            _ => "the squared length of its prediction",
        };
}
