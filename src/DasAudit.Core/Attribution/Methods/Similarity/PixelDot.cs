using DasAudit.Core.Attribution.Scores;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Similarity;

/// <summary>s(z, i) = ⟨z, x_i⟩ of the pictures' pixels in [−1, 1].</summary>
public sealed class PixelDot : IAttributionMethod
{
    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "pixel-dot",
            "Pixel product",
            "baseline of Zheng et al., ICLR 2024",
            "no gradients",
            "the training picture's pixels are more like the audited picture's, contrast included, whatever the model learnt"
        )
        {
            Meaning =
                "How alike the two pictures are pixel by pixel, contrast included: the sum of the products of their pixels.",
            Kind = ScoreKind.Resemblance,
            Noise = ScoreNoise.None,
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new() { Pixels = true };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var (queries, rows) = Pixels.Of(inputs, Description.Id);
        return Pixels.Scores(Pixels.Products(queries, rows));
    }
}
