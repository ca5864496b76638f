using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Attribution;

/// <summary>M models, each trained anew on some of the members.</summary>
/// <param name="Memberships">[model][member]: whether the model was trained on the member.</param>
/// <param name="Losses">[model][query]: the training loss of the query under the model, averaged over timesteps and noise; larger = made worse.</param>
public sealed record RetrainedModels(bool[][] Memberships, double[][] Losses)
{
    /// <summary>What makes retrained models, as the end of a sentence.</summary>
    internal const string Remedy =
        "train some with train --part 0.5 --part-seed N --output MODELS/N, the rest as for the audited model, N = 1, 2, 3 and so on, and give audit --retrained MODELS";

    /// <summary>M.</summary>
    public int Count => Memberships.Length;

    /// <summary>The retrained models that a method was given.</summary>
    /// <param name="inputs">What the method was given.</param>
    /// <param name="method">Id of the method.</param>
    /// <param name="fewest">The fewest models that it works with.</param>
    /// <exception cref="AuditException">There are none, too few, or tables that do not fit the members and queries.</exception>
    internal static RetrainedModels Of(MethodInputs inputs, string method, int fewest)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var models = inputs.Retrained ?? throw None(method);
        if (models.Count < fewest)
            throw TooFew(method, fewest, models.Count);
        if (
            models.Losses.Length != models.Count
            || models.Memberships.Any(own => own.Length != inputs.Members)
            || models.Losses.Any(own => own.Length != inputs.Queries)
        )
            throw new AuditException(
                "The retrained models' losses are of other pictures than are to be scored; let audit --retrained compute them."
            );
        if (models.Losses.Any(own => own.Any(loss => !double.IsFinite(loss))))
            throw new AuditException(
                "The loss of a query under a retrained model is not finite; train that model again, or leave it out."
            );
        return models;
    }

    /// <summary>There are none.</summary>
    internal static AuditException None(string method) =>
        new($"The method {method} needs models retrained on parts of the dataset; {Remedy}.");

    /// <summary>There are too few.</summary>
    internal static AuditException TooFew(string method, int fewest, int count) =>
        new(
            $"The method {method} needs at least {fewest} retrained models, and there {(count == 1 ? "is" : "are")} {count}; {Remedy}."
        );

    /// <summary>Scores of the members, then 0 for each decoy, which no model was trained on.</summary>
    internal static QueryScores Scores(IEnumerable<double> members, int rows)
    {
        var scores = new double[rows];
        // + 0 makes −0 0.
        foreach (var (i, score) in members.Index())
            scores[i] = score + 0.0;
        return new([scores]);
    }
}
