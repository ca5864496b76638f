using DasAudit.Core.Files;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation.Outputs;

/// <summary>
/// Asks what the change of a generated picture follows when a model is trained on another part of the dataset: the
/// change of its noise prediction, which DAS attributes, or the difference of losses, which others attribute.
/// </summary>
public sealed class OutputsEvaluation(TimeProvider time, IProgress<StageProgress>? progress)
{
    private const int FewestSubsets = 4;

    /// <summary>Trains what is missing and measures; null where only a share of the models was to be trained.</summary>
    /// <exception cref="AuditException">The request cannot be carried out.</exception>
    public OutputsResult? Run(OutputsRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Subsets < FewestSubsets)
            throw new AuditException(
                $"A correlation over fewer than {FewestSubsets} models says nothing; give more "
                    + $"{Settings.Name("subsets")}."
            );
        GeneratedQueries.Check(request.Common.Audit);
        using var court = EvaluationCourt.Open(request.Common with { HeldOutCount = 0 }, time, progress, cancellation);
        var queries = court.Regenerated();
        var reproduced = request.Common.Share == JobShare.All ? queries.CountReproduced() : 0;
        var parts = RandomParts.Draw(court.Members, request.Part, request.Subsets);
        var models = court.Seeds.ToDictionary(seed => seed, seed => parts.Jobs([seed]));
        var references = court.Seeds.ToDictionary(seed => seed, seed => LeaveOutJobs.All(court.Members, seed));
        List<RetrainingJob> jobs = [.. references.Values, .. models.Values.SelectMany(ofSeed => ofSeed)];
        if (!court.Train(jobs))
            return null;
        queries.Generate(jobs);
        var changes = court
            .Seeds.Select(seed => ModelChanges.Of(court, queries, models[seed], references[seed]))
            .Aggregate((earlier, ofSeed) => earlier.And(ofSeed));
        return Measure(request, court, changes, reproduced);
    }

    private static OutputsResult Measure(
        OutputsRequest request,
        EvaluationCourt court,
        ModelChanges changes,
        int reproduced
    )
    {
        var common = request.Common;
        var bootstrap = new CorrelationBootstrap(
            court.Generated.Count,
            request.Subsets * court.Seeds.Count,
            request.Subsets,
            common.BootstrapDraws,
            common.Truth.Seed
        );
        return new()
        {
            ModelSha256 = court.ModelSha256,
            DatasetRoot = court.Members.Root,
            Subsets = request.Subsets,
            Part = request.Part,
            TrainingSeeds = court.Seeds,
            Queries = court.Generated.Count,
            Reproduced = reproduced,
            Timesteps = court.Timesteps,
            Draws = common.Truth.Draws,
            Correlations =
            [
                .. OutputsMeasure.All.Select(correlation =>
                    bootstrap.Compare(correlation.Over, correlation.Kind, changes)
                ),
            ],
        };
    }
}
