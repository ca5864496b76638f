using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods;

/// <summary>s(z, i) = ⟨z, x_i⟩/(‖z‖·‖x_i‖) of the pictures' pixels in [−1, 1]; 0 where a picture is all zero.</summary>
public sealed class Pixel : IAttributionMethod
{
    /// <inheritdoc/>
    public MethodDescription Description { get; } = new(
        "pixel", "Pixel cosine", "baseline of Zheng et al., ICLR 2024", "no gradients", "the picture's pixels point more the way of the query's");

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
