using DasAudit.Core.Attribution.Scores;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Similarity;

/// <summary>s(z, i) = ⟨z, x_i⟩/(‖z‖·‖x_i‖) of the pictures' pixels in [−1, 1]; 0 where a picture is all zero.</summary>
public sealed class Pixel : IAttributionMethod
{
    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "pixel",
            "Pixel cosine",
            "baseline of Zheng et al., ICLR 2024",
            "no gradients",
            "the training picture's pixels are more like the audited picture's, contrast aside, whatever the model learnt"
        )
        {
            Meaning = "How alike the two pictures are pixel by pixel, contrast aside: 1 is the same, −1 the negative.",
            Kind = ScoreKind.Resemblance,
            Noise = ScoreNoise.None,
            Scale = "From −1 to 1.",
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new() { Pixels = true };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var (queries, rows) = Pixels.Of(inputs, Description.Id);
        var lengths = Pixels.SquaredNorms(queries).unsqueeze(1) * Pixels.SquaredNorms(rows);
        return Pixels.Scores(Pixels.Products(queries, rows) / lengths.sqrt().clamp_min(double.Epsilon));
    }
}
