using DasAudit.Abstractions;

namespace DasAudit.Core.Attribution.Methods;

/// <summary>M models, each trained anew on some of the members.</summary>
/// <param name="Memberships">[model][member]: whether the model was trained on the member.</param>
/// <param name="Losses">[model][query]: the training loss of the query under the model, averaged over timesteps and noise; larger = made worse.</param>
public sealed record RetrainedModels(bool[][] Memberships, double[][] Losses)
{
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
        var models = inputs.Retrained
            ?? throw new AuditException($"The method {method} needs models retrained on parts of the dataset; evaluate lds makes them and scores with them.");
        if (models.Count < fewest)
            throw new AuditException($"The method {method} needs at least {fewest} retrained models, and there are {models.Count}; let evaluate lds retrain more.");
        if (models.Losses.Length != models.Count || models.Memberships.Any(own => own.Length != inputs.Members) || models.Losses.Any(own => own.Length != inputs.Queries))
            throw new AuditException("The retrained models were made for other pictures; let evaluate lds make them for these.");
        if (models.Losses.Any(own => own.Any(loss => !double.IsFinite(loss))))
            throw new AuditException("The loss of a query under a retrained model is not finite; let evaluate lds retrain that model.");
        return models;
    }

    /// <summary>Scores of the members, then 0 for each decoy, which no model was trained on.</summary>
    internal static QueryScores Scores(IEnumerable<double> members, int rows)
    {
        var scores = new double[rows];
        foreach (var (i, score) in members.Index()) scores[i] = score;
        return new([scores]);
    }
}
