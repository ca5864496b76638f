using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Curvature;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// Influence on the loss, s(z, i) = ∇ℓ(z)ᵀ·(H + γI)⁻¹·∇ℓ(x_i), H the Gauss–Newton matrix of the noise loss over linear
/// and convolution layers. For <c>kfac</c> H ≈ A⊗B a layer, A = E[aaᵀ] of its inputs and B = E[δδᵀ] of sampled
/// gradients by its outputs; <c>ekfac</c> keeps the eigenvectors of A⊗B and takes as eigenvalues the mean squares of
/// sampled gradients along them. <see cref="EkfacEngine"/> computes both.
/// </summary>
internal sealed class KfacMethod : IAttributionMethod
{
    private readonly Func<EkfacScores, double[][][]> _scoresOf;

    private KfacMethod(
        string id,
        string title,
        string author,
        string approximation,
        Func<EkfacScores, double[][][]> scoresOf
    )
    {
        _scoresOf = scoresOf;
        Description = new(id, title, $"{author}; Mlodozeniec et al., ICLR 2025", "3")
        {
            OwnDamping = "0.1 × mean eigenvalue of each layer",
            Scores = new(
                "An estimate of how much the training picture lowers the model's error on the audited picture, with "
                    + $"the shape of the training objective approximated layer by layer {approximation}; below 0, how "
                    + "much it raises it.",
                LargerMeans: "the training picture, weighed by the shape of the training objective, lowers the "
                    + "model's error on the audited picture more",
                Direction: ScoreDirection.Sign
            ),
        };
    }

    public static KfacMethod Kronecker { get; } =
        new(
            "kfac",
            "K-FAC influence",
            "Martens and Grosse, ICML 2015",
            "from two factors (K-FAC)",
            scores => scores.Kronecker
        );

    public static KfacMethod Corrected { get; } =
        new(
            "ekfac",
            "EK-FAC influence",
            "George et al., NeurIPS 2018",
            "and its scales corrected (EK-FAC)",
            scores => scores.Corrected
        );

    public MethodDescription Description { get; }

    public MethodNeeds Needs { get; } = new() { Ekfac = true };

    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        if (inputs.Ekfac is not { } computed)
            throw new AuditException(
                $"The method {Description.Id} needs passes of its own through the model; let audit make them."
            );
        var draws = _scoresOf(computed);
        if (draws.Any(draw => draw.Length != inputs.Queries || draw.Any(query => query.Length != inputs.Scored)))
            throw new AuditException(
                $"The passes that {Description.Id} was given are of other pictures than are to be scored; let audit "
                    + "make them anew."
            );
        return MethodScores.Undamped(
            Enumerable.Range(0, inputs.Queries).Select(q => draws.Select(draw => draw[q]).ToArray())
        );
    }
}
