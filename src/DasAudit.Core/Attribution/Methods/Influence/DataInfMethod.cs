using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;
using DasAudit.Core.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>
/// DataInf: influence with the inverse of the mean taken as the mean of the inverses, layer by layer, which needs no
/// factorisation (Kwon et al., ICLR 2024, equation 5),
/// <para>s(z, i) = Σ_l g_liᵀ·(1/n)·Σ_j (1/λ_l)·[v_l − g_lj·(g_ljᵀv_l)/(λ_l + ‖g_lj‖²)], λ_l = 0.1·(1/(n·d_l))·Σ_j
/// ‖g_lj‖²,</para>
/// g the loss gradients of the training pictures and v that of z. Meant for few parameters, such as those of LoRA. With
/// this sign larger scores help; the paper's own have the other. A decoy is scored as if the mean over j held it too.
/// Layers above the length of their sketch enter with inner products right in expectation.
/// </summary>
internal sealed class DataInfMethod : FeatureMethod
{
    private const double Fraction = 0.1;

    public override MethodDescription Description { get; } =
        new("datainf", "DataInf", "Kwon et al., ICLR 2024", "1")
        {
            OwnDamping = "0.1 × mean square of each layer's gradients",
            Scores = new(
                "An estimate of how much the training picture lowers the model's error on the audited picture, layer "
                    + "by layer, with a quick stand-in for the shape of the training objective (an average of "
                    + "inverses for the inverse of an average); below 0, how much it raises it.",
                LargerMeans: "a training step on the training picture, scaled layer by layer, lowers the model's "
                    + "error on the audited picture more",
                Direction: ScoreDirection.Sign
            ),
        };

    public override MethodNeeds Needs { get; } =
        new() { Features = [new("datainf", FeatureKind.RawLoss) { LayerBlocks = true }] };

    protected override IReadOnlyList<FeatureTable> Tables(MethodInputs inputs)
    {
        var tables = base.Tables(inputs);
        tables[^1].RequireLayers(Description.Id);
        return tables;
    }

    protected override void Score(Replicate replicate, ScoreSheet sheet)
    {
        var table = replicate.Table;
        var training = table.KernelMatrix(FeatureKind.RawLoss, replicate.Number);
        var weights = table.KernelWeights();
        var queries = table.QueryMatrix(FeatureKind.RawLoss, replicate.Number);
        var scored = table.ScoredMatrix(FeatureKind.RawLoss, replicate.Number);
        var sum = zeros([queries.shape[0], scored.shape[0]], dtype: float64);
        foreach (var layer in table.Layers)
        {
            using var scope = NewDisposeScope();
            // g_j·√w_j, w_j the number of pictures that j stands for.
            var g = Part(training, layer);
            var v = Part(queries, layer);
            var squares = g.square().sum([1L]);
            var count = weights.sum().item<double>();
            var lambda = Fraction * squares.sum().item<double>() / (count * layer.Parameters);
            // No training picture moves the layer.
            if (lambda == 0)
                continue;
            var inverse = (v - (v.matmul(g.t()) / (lambda + squares / weights)).matmul(g) / count) / lambda;
            var scores = inverse.matmul(Part(scored, layer).t());
            var decoys = scored.narrow(0, table.Members, scored.shape[0] - table.Members);
            if (decoys.shape[0] > 0)
                JoinDecoys(scores.narrow(1, table.Members, decoys.shape[0]), v, Part(decoys, layer), lambda, count);
            sum.add_(scores);
        }

        sheet.AddScores(sum);
    }

    private static Tensor Part(Tensor features, LayerBlock layer) => features.narrow(1, layer.Offset, layer.Length);

    // The decoy's own term is gᵀ(1/λ)·[v − g·(gᵀv)/(λ + ‖g‖²)] = gᵀv/(λ + ‖g‖²).
    private static void JoinDecoys(Tensor scores, Tensor v, Tensor decoys, double lambda, double count) =>
        scores.mul_(count).add_(v.matmul(decoys.t()) / (lambda + decoys.square().sum([1L]))).div_(count + 1);
}
