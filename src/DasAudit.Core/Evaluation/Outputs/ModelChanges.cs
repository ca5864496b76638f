using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation.Outputs;

/// <summary>How far models are from that of all pictures, on each query: [query][model].</summary>
/// <param name="Pictures">L2 of the pictures from the same noise, over values in [−1, 1].</param>
/// <param name="Predictions">See <see cref="OutputChange"/>.</param>
/// <param name="Losses">|mean loss − mean loss|, over timesteps and noise draws.</param>
internal sealed record ModelChanges(double[][] Pictures, double[][] Predictions, double[][] Losses)
{
    /// <summary>Models of one training seed, compared with that of all pictures of the same seed.</summary>
    /// <param name="queries">Generated under all of them.</param>
    public static ModelChanges Of(
        EvaluationCourt court,
        RegeneratedQueries queries,
        IReadOnlyList<RetrainingJob> models,
        RetrainingJob reference
    )
    {
        var errors = court.Errors([.. models, reference], reference);
        var usual = errors[^1];
        var distances = models.Select(model => queries.Distances(model, reference)).ToList();
        return new(
            [.. court.Generated.Select(q => distances.Select(ofModel => ofModel[q]).ToArray())],
            ByQuery((q, ofModel) => OutputChange.Of(ofModel.Changes[q])),
            ByQuery((q, ofModel) => Math.Abs(ofModel.Losses[q].Average() - usual.Losses[q].Average()))
        );

        double[][] ByQuery(Func<int, QueryErrors, double> change) =>
            [.. court.Generated.Select(q => errors.SkipLast(1).Select(ofModel => change(q, ofModel)).ToArray())];
    }

    /// <summary>The models of some changes, then those of others.</summary>
    public ModelChanges And(ModelChanges others) =>
        new(Join(Pictures, others.Pictures), Join(Predictions, others.Predictions), Join(Losses, others.Losses));

    private static double[][] Join(double[][] first, double[][] second) =>
        [.. first.Zip(second, (a, b) => a.Concat(b).ToArray())];
}
