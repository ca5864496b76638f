using DasAudit.Abstractions;

namespace DasAudit.Core.Attribution.Methods;

/// <summary>
/// s(z, i) = mean loss of z under the retrained models that never saw i − mean loss under those that did (Feldman and Zhang, NeurIPS 2020).
/// Needs hundreds of models before the influence of one picture stands out. Decoys score 0.
/// </summary>
public sealed class EmpiricalInfluence : IAttributionMethod
{
    /// <inheritdoc/>
    public MethodDescription Description { get; } = new(
        "empirical-influence", "Empirical influence", "Feldman and Zhang, NeurIPS 2020", "retrained models",
        "models that never saw the picture make the query worse");

    /// <inheritdoc/>
    public MethodNeeds Needs { get; } = new() { RetrainedModels = true };

    /// <inheritdoc/>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        var models = RetrainedModels.Of(inputs, Description.Id, fewest: 2);
        var seen = Enumerable.Range(0, inputs.Members).Select(i => models.Memberships.Count(own => own[i])).ToArray();
        if (seen.Any(count => count == 0 || count == models.Count))
            throw new AuditException("A training picture was seen by all or by none of the retrained models, so its influence cannot be told; let evaluate lds retrain more.");
        return new([.. Enumerable.Range(0, inputs.Queries).Select(q => RetrainedModels.Scores(seen.Select((count, i) =>
        {
            var (with, without) = (0.0, 0.0);
            foreach (var (m, own) in models.Memberships.Index())
            {
                if (own[i]) with += models.Losses[m][q];
                else without += models.Losses[m][q];
            }

            return without / (models.Count - count) - with / count;
        }), inputs.Rows))], []);
    }
}
