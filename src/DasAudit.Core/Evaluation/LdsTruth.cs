using DasAudit.Core.Datasets;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation;

/// <summary>What models that were trained on parts of the dataset lose on the queries.</summary>
/// <param name="Parts">What each model saw.</param>
/// <param name="Seeds">Training seeds; empty where it is not known.</param>
/// <param name="Timesteps">Of the errors, ascending.</param>
/// <param name="Errors">Part by part for the first training seed, then for the next.</param>
internal sealed record LdsTruth(
    IReadOnlyList<IReadOnlyList<TrainingItem>> Parts,
    IReadOnlyList<long> Seeds,
    IReadOnlyList<int> Timesteps,
    IReadOnlyList<QueryErrors> Errors
)
{
    /// <summary>With fewer, a rank correlation says nothing.</summary>
    internal const int FewestParts = 4;

    /// <summary>How much of a dataset of so many pictures the models saw on average.</summary>
    internal double MeanPart(int pictures) => Parts.Average(part => part.Count) / pictures;

    /// <summary>Whether it is known how far outputs are from the audited model's.</summary>
    internal bool KnowsChanges => Errors.All(model => model.Changes.All(query => query.All(double.IsFinite)));

    /// <summary>Trains models on random parts; null where this process trains a share of them only.</summary>
    internal static LdsTruth? Train(LdsRequest request, EvaluationCourt court)
    {
        var parts = RandomParts.Draw(court.Members, request.Part, request.Subsets);
        var jobs = parts.Jobs(court.Seeds);
        if (!court.Train(jobs))
            return null;
        var errors = court.Errors(jobs);
        Write(request, court.Table(jobs, errors), jobs);
        return new(parts.Pictures, court.Seeds, court.Timesteps, errors);
    }

    /// <summary>Reads what was measured elsewhere.</summary>
    /// <exception cref="AuditException">The files do not say it of each model and query.</exception>
    internal static LdsTruth Read(GivenLosses given, LossTable table, EvaluationCourt court)
    {
        var parts = PartTable.Read(given.PartsFile, court.Members);
        var models = table.Rows.Select(row => row.Model).Distinct(StringComparer.Ordinal).ToList();
        if (models.Count < FewestParts)
            throw new AuditException(
                $"'{given.LossesFile}' has losses of {models.Count} models; a rank correlation over fewer than "
                    + $"{FewestParts} says nothing."
            );
        var unknown = models.Find(model => !parts.ContainsKey(model));
        if (unknown is not null)
            throw new AuditException(
                $"'{given.PartsFile}' does not say what the model '{unknown}' was trained on; add its pictures."
            );
        var cells = new LossCells(given.LossesFile, table, court.Model.Process.TrainTimesteps);
        var queries = court.Queries.Select(query => query.Picture.Path).ToList();
        return new(
            [.. models.Select(model => parts[model])],
            [],
            cells.Timesteps,
            [.. models.Select(model => cells.Of(model, queries))]
        );
    }

    private static void Write(LdsRequest request, LossTable losses, IReadOnlyList<RetrainingJob> jobs)
    {
        if (request.LossesFile is { } lossesFile)
            losses.Write(lossesFile);
        if (request.PartsFile is { } partsFile)
            PartTable.Write(partsFile, jobs);
    }
}
