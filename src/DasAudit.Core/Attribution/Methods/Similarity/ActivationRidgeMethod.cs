using DasAudit.Core.Activations;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Scores;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Similarity;

/// <summary>
/// Ridge regression on the network's last inner activations, squared: what the forward passes alone know. For each
/// timestep t its own kernel of activations centred at their mean over the training pictures,
/// <para>τ(z, i) = (1/K)·Σ_t a_ti²,  a_t = k_tz·(K_t + λ_tI)⁻¹.</para>
/// A decoy is scored as if it were a member, the mean over which moves with it: with d its activations less the mean,
/// s_j = φ(z)ᵀ·K_λ⁻¹·d, h_j = dᵀ·K_λ⁻¹·d and w = n/(n + 1), a_j = w·(s_j − h_j/(n + 1))/(1 + w·h_j).
/// </summary>
internal sealed class ActivationRidgeMethod : FeatureMethod
{
    public override MethodDescription Description { get; } =
        new("activation-ridge", "Activation kernel ridge, squared", "das-audit", "0.2, forward passes only")
        {
            Damping = DampingRules.Default,
            Scores = new(
                "How much the training picture counts, among all of them, where the audited picture is guessed from "
                    + "those that the model's last layers see alike. Never negative.",
                LargerMeans: "the training picture tells more about the audited picture to one who compares what the "
                    + "model's last layers make of them",
                Kind: ScoreKind.Resemblance
            ),
        };

    public override MethodNeeds Needs { get; } = new() { Activations = true };

    protected override IReadOnlyList<FeatureTable> Tables(MethodInputs inputs)
    {
        if (inputs.Activations is not { } activations)
            throw new AuditException(
                "The method activation-ridge needs the network's activations; let audit compute them."
            );
        return inputs.Fits(activations)
            ? [activations]
            : throw new AuditException(
                "The activations are of other pictures than are to be scored; let audit compute them anew."
            );
    }

    protected override void Score(Replicate replicate, ScoreSheet sheet)
    {
        var values = new List<Tensor>();
        foreach (var pass in replicate.KernelsOf(ActivationEngine.Kind))
            values.AddRange(OfPass(pass, replicate, sheet).ByDamping);
        sheet.AddSquares(values, addUp: true);
    }

    private BandValues OfPass(KernelSource pass, Replicate replicate, ScoreSheet sheet)
    {
        replicate.Cancellation.ThrowIfCancellationRequested();
        // What a pass needs beside its scores is several times its features, and there are as many passes as timesteps.
        using var scope = NewDisposeScope();
        var table = pass.Table;
        var (centred, mean) = Centred(table, pass.Row);
        using var kernel = RidgeKernel.Factorise(
            centred,
            table.Kernels is { } kept ? features => kept.Of(pass.Kinds, pass.Row, features) : null
        );
        var recalled = pass.RecalledRow is { } row ? Recalled(table, row) : null;
        var dampings = (replicate.Options.Damping ?? Description.Damping!).Choose(
            new(kernel, recalled) { Members = table.Members, Method = Description.Id }
        );
        var centredQueries = table.QueryMatrix(ActivationEngine.Kind, pass.Row) - mean;
        using var first = kernel.Project(centredQueries.narrow(0, 0, 1));
        sheet.AddKernel(kernel, dampings, first, recalled);
        using var queries = kernel.Project(centredQueries);
        using var scored = kernel.Project(table.ScoredMatrix(ActivationEngine.Kind, pass.Row) - mean);
        var values = new BandValues([
            .. dampings.Select(lambda =>
            {
                var a = kernel.Between(queries, scored, lambda);
                if (table.Scored.Count > table.Members)
                    JoinDecoys(a, kernel.Between(scored, scored, lambda).diagonal(), table);
                return a.MoveToOuterDisposeScope();
            }),
        ]);
        sheet.AddBand(values, squared: true);
        return values;
    }

    // The asked members' activations in another noise draw.
    private static Tensor Recalled(FeatureTable table, int pass) =>
        Centred(table, pass).Training.index_select(0, tensor(SelfRecall.Sample(table.Members)));

    // The activations of one pass less their mean, weighted; and the mean, [1, k].
    private static (Tensor Training, Tensor Mean) Centred(FeatureTable table, int pass)
    {
        var roots = table.KernelWeights().sqrt();
        var training = table.KernelMatrix(ActivationEngine.Kind, pass);
        var mean = roots.unsqueeze(0).matmul(training) / roots.square().sum();
        var centred = training - roots.unsqueeze(1) * mean;
        return centred.square().sum().item<double>() > 1e-12 * training.square().sum().item<double>()
            ? (centred, mean)
            : throw new AuditException(
                "The activations of all training pictures are the same; give activation-ridge another layer, or at "
                    + "least two different pictures."
            );
    }

    // Each decoy as if it were a member too, with a_j = w·(s_j − h_j/(n + 1))/(1 + w·h_j).
    private static void JoinDecoys(Tensor scores, Tensor leverages, FeatureTable table)
    {
        var count = table.KernelWeights().sum().item<double>();
        var decoys = table.Scored.Count - table.Members;
        var w = count / (count + 1);
        var h = leverages.narrow(0, table.Members, decoys);
        scores.narrow(1, table.Members, decoys).sub_(h / (count + 1)).mul_(w).div_(1 + w * h);
    }
}
