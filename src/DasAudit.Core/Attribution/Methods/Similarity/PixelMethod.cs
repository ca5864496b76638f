using DasAudit.Core.Attribution.Scores;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Similarity;

/// <summary>
/// Products of the pictures' pixels in [−1, 1]: <c>pixel-dot</c> is s(z, i) = ⟨z, x_i⟩, <c>pixel</c> the same divided
/// by ‖z‖·‖x_i‖, and 0 where a picture is all zero.
/// </summary>
internal sealed class PixelMethod : IAttributionMethod
{
    private readonly bool _unit;

    private PixelMethod(string id, string title, bool unit, ScoreDescription scores)
    {
        _unit = unit;
        Description = new(id, title, "baseline of Zheng et al., ICLR 2024", "no gradients") { Scores = scores };
    }

    public static PixelMethod Cosine { get; } =
        new(
            "pixel",
            "Pixel cosine",
            unit: true,
            new(
                "How alike the two pictures are pixel by pixel, contrast aside: 1 is the same, −1 the negative.",
                LargerMeans: "the training picture's pixels are more like the audited picture's, contrast aside, "
                    + "whatever the model learnt",
                Kind: ScoreKind.Resemblance,
                Noise: ScoreNoise.None,
                Scale: "From −1 to 1."
            )
        );

    public static PixelMethod Dot { get; } =
        new(
            "pixel-dot",
            "Pixel product",
            unit: false,
            new(
                "How alike the two pictures are pixel by pixel, contrast included: the sum of the products of their "
                    + "pixels.",
                LargerMeans: "the training picture's pixels are more like the audited picture's, contrast included, "
                    + "whatever the model learnt",
                Kind: ScoreKind.Resemblance,
                Noise: ScoreNoise.None
            )
        );

    public MethodDescription Description { get; }

    public MethodNeeds Needs { get; } = new() { Pixels = true };

    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var (queries, scored) = Pixels.Of(inputs, Description.Id);
        var products = Pixels.Products(queries, scored);
        return MethodScores.Undamped(_unit ? products / Lengths(queries, scored) : products);
    }

    private static Tensor Lengths(IReadOnlyList<float[]> queries, IReadOnlyList<float[]> scored) =>
        (Pixels.SquaredNorms(queries).unsqueeze(1) * Pixels.SquaredNorms(scored)).sqrt().clamp_min(double.Epsilon);
}
