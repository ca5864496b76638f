using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// The cosine of gradients of the training loss, averaged over timesteps; the mean over checkpoints c where there are several, which is gradient
/// aggregated similarity, GAS (Hammoudeh and Lowd, CCS 2022):
/// <para>τ(z, i) = mean over c of ⟨∇ℓ_c(z), ∇ℓ_c(x_i)⟩/(‖∇ℓ_c(z)‖·‖∇ℓ_c(x_i)‖).</para>
/// </summary>
public sealed class GradientCosine : IAttributionMethod
{
    private const string Features = "gradient-cosine";
    private static readonly FeatureKind Kind = new("loss", Unit: false);

    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "gradient-cosine",
            "Gradient cosine (GAS)",
            "Hammoudeh and Lowd, CCS 2022",
            "1 for each checkpoint",
            "training on the training picture moves the model more in the direction that helps the audited picture, however far"
        )
        {
            Meaning =
                "How far training on the training picture and training on the audited picture would move the model the same way: 1 for the same way, 0 for unrelated ways, −1 for opposite ways. It leaves out how far they would move it.",
            Direction = ScoreDirection.Sign,
            Scale = "From −1 to 1.",
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } =
        new() { Features = [new(Features, Kind) { Checkpoints = CheckpointChoice.All }] };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var tables = inputs.Tables(Features);
        return ScoreSheet.Fill(
            inputs,
            inputs.Replicates,
            (sheet, r) => sheet.AddScores(stack(tables.Select(table => Cosines(table, r))).mean([0L])),
            cancellation
        );
    }

    private static Tensor Cosines(FeatureTable table, int row)
    {
        using var scope = NewDisposeScope();
        var queries = table.QueryMatrix(Kind, row);
        var unit = queries / queries.square().sum([1L], keepdim: true).sqrt().clamp_min(1e-300);
        return (table.Products(unit, Kind, row) / table.Lengths(Kind, row).clamp_min(1e-300)).MoveToOuterDisposeScope();
    }
}
