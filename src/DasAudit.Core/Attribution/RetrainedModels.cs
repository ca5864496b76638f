using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Files;

namespace DasAudit.Core.Attribution;

/// <summary>M models, each trained anew on some of the members.</summary>
/// <param name="Memberships">[model][member]: whether the model was trained on the member.</param>
/// <param name="Losses">[model][query]: training loss, averaged over timesteps and noise; larger = made worse.</param>
internal sealed record RetrainedModels(bool[][] Memberships, double[][] Losses)
{
    /// <summary>What makes retrained models, as the end of a sentence.</summary>
    internal static string Remedy =>
        $"train some with train {Settings.Name("part")} 0.5 {Settings.Name("part-seed")} N {Settings.Name("output")} "
        + "MODELS/N, the rest as for the audited model, N = 1, 2, 3 and so on, and give audit "
        + $"{Settings.Name("retrained")} MODELS";

    public int Count => Memberships.Length;

    /// <summary>Those that a method was given; throws if they are too few, or of other members and queries.</summary>
    internal static RetrainedModels Of(MethodInputs inputs, string method, int fewest)
    {
        var models = inputs.Retrained ?? throw None(method);
        if (models.Count < fewest)
            throw TooFew(method, fewest, models.Count);
        if (!models.Fits(inputs))
            throw new AuditException(
                "The retrained models' losses are of other pictures than are to be scored; let audit "
                    + $"{Settings.Name("retrained")} compute them."
            );
        if (models.Losses.Any(ofQueries => ofQueries.Any(loss => !double.IsFinite(loss))))
            throw new AuditException(
                "The loss of a query under a retrained model is not finite; train that model again, or leave it out."
            );
        return models;
    }

    internal static AuditException None(string method) =>
        new($"The method {method} needs models retrained on parts of the dataset; {Remedy}.");

    internal static AuditException TooFew(string method, int fewest, int count) =>
        new(
            $"The method {method} needs at least {fewest} retrained models, and there {(count == 1 ? "is" : "are")} "
                + $"{count}; {Remedy}."
        );

    /// <summary>Scores of the members, then 0 for each decoy, which no model was trained on.</summary>
    internal static QueryScores Scores(IEnumerable<double> ofMembers, int scored)
    {
        var scores = new double[scored];
        // + 0 makes −0 0.
        foreach (var (i, score) in ofMembers.Index())
            scores[i] = score + 0.0;
        return new([scores]);
    }

    private bool Fits(MethodInputs inputs) =>
        Losses.Length == Count
        && Memberships.All(membership => membership.Length == inputs.Members)
        && Losses.All(ofQueries => ofQueries.Length == inputs.Queries);
}
