using DasAudit.Abstractions;
using DasAudit.Core.Activations;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Scores;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Similarity;

/// <summary>
/// Ridge regression on the network's last inner activations, squared: what the forward passes alone know. For each timestep t its own kernel of
/// activations centred at their mean over the training pictures,
/// <para>τ(z, i) = (1/K)·Σ_t a_ti²,  a_t = k_tz·(K_t + λ_tI)⁻¹.</para>
/// A decoy is scored as if it were a member, the mean over which moves with it: with d its activations less the mean, s_j = φ(z)ᵀ·K_λ⁻¹·d,
/// h_j = dᵀ·K_λ⁻¹·d and w = n/(n + 1), a_j = w·(s_j − h_j/(n + 1))/(1 + w·h_j).
/// </summary>
public sealed class ActivationRidge : IAttributionMethod
{
    /// <inheritdoc/>
    public MethodDescription Description { get; } =
        new(
            "activation-ridge",
            "Activation kernel ridge, squared",
            "das-audit",
            "0.2, forward passes only",
            "the training picture tells more about the audited picture to one who compares what the model's last layers make of them"
        )
        {
            Damping = DampingRules.Default,
            Meaning =
                "How much the training picture counts, among all of them, where the audited picture is guessed from those that the model's last layers see alike. Never negative.",
            Kind = ScoreKind.Resemblance,
        };

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new() { Activations = true };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        var table =
            inputs.Activations
            ?? throw new AuditException(
                "The method activation-ridge needs the network's activations; let audit compute them."
            );
        if (table.Rows.Count != inputs.Rows || table.Members != inputs.Members || table.Queries.Count != inputs.Queries)
            throw new AuditException(
                "The activations are of other pictures than are to be scored; let audit compute them anew."
            );
        return ScoreSheet.Fill(
            inputs,
            inputs.Replicates,
            (sheet, r) =>
            {
                var others = inputs.Another(r) is { } another
                    ? table.RowsOf(ActivationEngine.Kind, another, inputs.Replicates).ToArray()
                    : null;
                sheet.AddSquares(
                    [
                        .. table
                            .RowsOf(ActivationEngine.Kind, r, inputs.Replicates)
                            .SelectMany(
                                (pass, t) =>
                                {
                                    cancellation.ThrowIfCancellationRequested();
                                    // What a pass needs beside its scores is several times its features, and there are as many passes as timesteps.
                                    using var scope = NewDisposeScope();
                                    var (centred, mean) = Centred(table, pass);
                                    using var kernel = RidgeKernel.Factorise(centred);
                                    var again = others is null
                                        ? null
                                        : Centred(table, others[t])
                                            .Members.index_select(0, tensor(SelfRecall.Asked(inputs.Members)));
                                    var dampings = (options.Damping ?? Description.Damping!).Choose(
                                        new(kernel, again) { Members = inputs.Members, Method = Description.Id }
                                    );
                                    sheet.AddDamping(dampings);
                                    using var queries = kernel.Project(
                                        table.QueryMatrix(ActivationEngine.Kind, pass) - mean
                                    );
                                    using var rows = kernel.Project(
                                        table.RowMatrix(ActivationEngine.Kind, pass) - mean
                                    );
                                    if (options.WithCurve)
                                        AddCurve(
                                            sheet,
                                            kernel,
                                            table.QueryMatrix(ActivationEngine.Kind, pass).narrow(0, 0, 1) - mean,
                                            again,
                                            inputs.Members
                                        );
                                    Tensor[] band =
                                    [
                                        .. dampings.Select(lambda =>
                                        {
                                            var a = kernel.Between(queries, rows, lambda);
                                            if (inputs.Rows > inputs.Members)
                                                JoinDecoys(
                                                    a,
                                                    kernel.Between(rows, rows, lambda).diagonal(),
                                                    inputs.Members,
                                                    table.KernelWeights().sum().item<double>()
                                                );
                                            return a.MoveToOuterDisposeScope();
                                        }),
                                    ];
                                    sheet.AddBand(band, inputs.Members);
                                    return band;
                                }
                            ),
                    ],
                    addUp: true
                );
            },
            cancellation
        );
    }

    private static void AddCurve(ScoreSheet sheet, RidgeKernel kernel, Tensor query, Tensor? recalled, int members)
    {
        using var rows = kernel.Project(query);
        sheet.AddCurve(kernel, rows, recalled, members);
    }

    // The activations of one pass less their mean, weighted; and the mean, [1, k].
    private static (Tensor Members, Tensor Mean) Centred(FeatureTable table, int pass)
    {
        var roots = table.KernelWeights().sqrt();
        var members = table.KernelMatrix(ActivationEngine.Kind, pass);
        var mean = roots.unsqueeze(0).matmul(members) / roots.square().sum();
        var centred = members - roots.unsqueeze(1) * mean;
        return centred.square().sum().item<double>() > 1e-12 * members.square().sum().item<double>()
            ? (centred, mean)
            : throw new AuditException(
                "The activations of all training pictures are the same; give activation-ridge another layer, or at least two different pictures."
            );
    }

    private static void JoinDecoys(Tensor scores, Tensor leverages, int members, double count)
    {
        var (decoys, w) = (scores.shape[1] - members, count / (count + 1));
        var h = leverages.narrow(0, members, decoys);
        scores.narrow(1, members, decoys).sub_(h / (count + 1)).mul_(w).div_(1 + w * h);
    }
}
