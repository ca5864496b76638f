using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Attribution.Methods.Similarity;

/// <summary>s(z, i) = the cosine of the embeddings of z and i. Resemblance, which the model has no part in.</summary>
public sealed class Clip : IAttributionMethod
{
    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "clip",
            "CLIP similarity",
            "Radford et al., ICML 2021",
            "no gradients",
            "the training picture looks more like the audited picture to the image encoder, whatever the model learnt"
        )
        {
            Meaning = "How alike the two pictures look to the image encoder: 1 is the same, 0 unrelated.",
            Kind = ScoreKind.Resemblance,
            Noise = ScoreNoise.None,
            Scale = "From −1 to 1.",
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new() { Embeddings = true };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var similarities =
            inputs.Similarities
            ?? throw new AuditException("The method clip compares embeddings; give an image encoder with --encoder.");
        if (similarities.Length != inputs.Queries || similarities.Any(row => row.Length != inputs.Rows))
            throw new AuditException(
                "The similarities of embeddings are of other pictures than are to be scored; let audit compute them anew."
            );
        return new(
            [
                .. similarities.Select(row => new QueryScores([
                    [.. row.Select(value => (double)value)],
                ])),
            ],
            []
        );
    }
}
