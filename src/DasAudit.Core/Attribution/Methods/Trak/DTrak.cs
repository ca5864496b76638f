using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Trak;

/// <summary>
/// D-TRAK (Zheng et al., ICLR 2024, equation 6): TRAK with another output function than the loss on both sides,
/// <para>τ(z, i) = φ(z)ᵀ·(ΦᵀΦ + λI)⁻¹·φ_i,</para>
/// φ the projected gradient of (1/d)·‖ε̂‖² averaged over timesteps, or, for <c>d-trak:FUNCTION</c>, of one of the paper's other functions.
/// </summary>
public sealed class DTrak : IAttributionMethod
{
    private const string Features = "d-trak";
    private const string Published = "squared-norm";
    private readonly FeatureKind _kind;

    /// <summary>The method with an output function.</summary>
    /// <param name="function">One of <c>squared-norm</c> (the published one), <c>mean, weighted-mse, l1-norm, l2-norm, linf-norm</c>.</param>
    public DTrak(string function = Published)
    {
        _kind = new(function, Unit: false);
        Description = new(
            function == Published ? Features : $"{Features}:{function}",
            function == Published ? "D-TRAK" : $"D-TRAK of {function}",
            "Zheng et al., ICLR 2024",
            "1",
            "the training picture and the audited picture ask the same of the model; below 0, the opposite"
        )
        {
            Damping = function == "weighted-mse" ? new DegreesOfFreedom(0.3) : DampingRules.Default,
            Meaning =
                $"How far the training picture and the audited picture ask the same change of the model, judged by {Judged(function)}. Below 0 they ask the opposite; that does not say that either harms the other.",
        };
        Needs = new() { Features = [new(Features, _kind)] };
    }

    /// <inheritdoc/>
    public MethodDescription Description { get; }

    /// <inheritdoc/>
    public MethodNeeds Needs { get; }

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

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        var table = inputs.Table(Features);
        return ScoreSheet.Fill(
            inputs,
            inputs.Replicates,
            (sheet, r) =>
            {
                using var kernel = DampedKernel.Of(table, _kind, r, inputs.Another(r), Description, options);
                sheet.AddDamping(kernel, withSign: true);
                sheet.AddRefits(kernel, SetEffect.Change);
                sheet.AddScores(kernel.Mean(kernel.Scores));
            },
            cancellation
        );
    }
}
