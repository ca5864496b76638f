using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;
using DasAudit.Core.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// DataInf: influence with the inverse of the mean taken as the mean of the inverses, layer by layer, which needs no factorisation
/// (Kwon et al., ICLR 2024, equation 5),
/// <para>s(z, i) = Σ_l g_liᵀ·(1/n)·Σ_j (1/λ_l)·[v_l − g_lj·(g_ljᵀv_l)/(λ_l + ‖g_lj‖²)],  λ_l = 0.1·(1/(n·d_l))·Σ_j ‖g_lj‖²,</para>
/// g the loss gradients of the training pictures and v that of z. Meant for few parameters, such as those of LoRA. With this sign larger
/// scores help; the paper's own have the other. A decoy is scored as if the mean over j held it too. Layers above the length of their sketch enter with inner products right in expectation.
/// </summary>
public sealed class DataInf : IAttributionMethod
{
    private const string Features = "datainf";
    private const double Fraction = 0.1;

    private static readonly FeatureKind Kind = new("loss", Unit: false);

    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "datainf",
            "DataInf",
            "Kwon et al., ICLR 2024",
            "1",
            "a training step on the training picture, scaled layer by layer, lowers the model's error on the audited picture more"
        )
        {
            Meaning =
                "An estimate of how much the training picture lowers the model's error on the audited picture, layer by layer, with a quick stand-in for the shape of the training objective (an average of inverses for the inverse of an average); below 0, how much it raises it.",
            Direction = ScoreDirection.Sign,
            OwnDamping = "0.1 × mean square of each layer's gradients",
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new() { Features = [new(Features, Kind) { LayerBlocks = true }] };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var table = inputs.Table(Features);
        if (table.Layers.Count == 0)
            throw new AuditException(
                "The gradient features hold no sketch of each layer, which datainf needs; compute them anew for this method."
            );
        return ScoreSheet.Fill(
            inputs,
            inputs.Replicates,
            (sheet, r) =>
            {
                var (members, queries, rows) = (
                    table.KernelMatrix(Kind, r),
                    table.QueryMatrix(Kind, r),
                    table.RowMatrix(Kind, r)
                );
                var sum = zeros([inputs.Queries, inputs.Rows], dtype: float64);
                foreach (var layer in table.Layers)
                    sum.add_(OfLayer(layer, members, table.KernelWeights(), queries, rows, table.Members));
                sheet.AddScores(sum);
            },
            cancellation
        );
    }

    private static Tensor OfLayer(
        LayerBlock layer,
        Tensor members,
        Tensor weights,
        Tensor queries,
        Tensor rows,
        int memberCount
    )
    {
        using var scope = NewDisposeScope();
        // g_j·√w_j, w_j the number of pictures that j stands for.
        var g = members.narrow(1, layer.Offset, layer.Length);
        var v = queries.narrow(1, layer.Offset, layer.Length);
        var (squares, count) = (g.square().sum([1L]), weights.sum().item<double>());
        var lambda = Fraction * squares.sum().item<double>() / (count * layer.Parameters);
        // No training picture moves the layer.
        if (lambda == 0)
            return zeros([queries.shape[0], rows.shape[0]], dtype: float64).MoveToOuterDisposeScope();
        var inverse = (v - (v.matmul(g.t()) / (lambda + squares / weights)).matmul(g) / count) / lambda;
        var all = rows.narrow(1, layer.Offset, layer.Length);
        var scores = inverse.matmul(all.t());
        var decoys = all.shape[0] - memberCount;
        if (decoys > 0)
        {
            var own = all.narrow(0, memberCount, decoys);
            // The decoy's own term is gᵀ(1/λ)·[v − g·(gᵀv)/(λ + ‖g‖²)] = gᵀv/(λ + ‖g‖²).
            scores
                .narrow(1, memberCount, decoys)
                .mul_(count)
                .add_(v.matmul(own.t()) / (lambda + own.square().sum([1L])))
                .div_(count + 1);
        }

        return scores.MoveToOuterDisposeScope();
    }
}
