using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Attribution.Methods.Similarity;

/// <summary>s(z, i) = the cosine of the embeddings of z and i. Resemblance, which the model has no part in.</summary>
internal sealed class ClipMethod : IAttributionMethod
{
    public MethodDescription Description { get; } =
        new("clip", "CLIP similarity", "Radford et al., ICML 2021", "no gradients")
        {
            Scores = new(
                "How alike the two pictures look to the image encoder: 1 is the same, 0 unrelated.",
                LargerMeans: "the training picture looks more like the audited picture to the image encoder, whatever "
                    + "the model learnt",
                Kind: ScoreKind.Resemblance,
                Noise: ScoreNoise.None,
                Scale: "From −1 to 1."
            ),
        };

    public MethodNeeds Needs { get; } = new() { Embeddings = true };

    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        if (inputs.Similarities is not { } similarities)
            throw MethodNeeds.NoEncoder(Description.Id);
        if (similarities.Length != inputs.Queries || similarities.Any(query => query.Length != inputs.Scored))
            throw new AuditException(
                "The similarities of embeddings are of other pictures than are to be scored; let audit compute them "
                    + "anew."
            );
        return MethodScores.Undamped(
            similarities.Select(query =>
                (double[][])
                    [
                        [.. query.Select(value => (double)value)],
                    ]
            )
        );
    }
}
