using DasAudit.Core.Datasets;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation.Counterfactual;

/// <summary>
/// How far each query is changed by each model, in one sense: to the model of all pictures of the same training seed.
/// </summary>
/// <param name="Measure">Its name in documents.</param>
/// <param name="Meaning">A sentence.</param>
/// <param name="BySeed">Of each training seed the changes of all queries by the name of a model's job.</param>
internal sealed record ChangeTable(
    string Measure,
    string Meaning,
    IReadOnlyDictionary<long, Dictionary<string, double[]>> BySeed
)
{
    /// <summary>The changes of all queries without some pictures, mean over training seeds.</summary>
    public double[] Without(RemovalPlan plan, IReadOnlyList<TrainingItem> left) =>
        Mean(seed => plan.Without(left, seed));

    /// <summary>The changes of all queries by another training seed, mean over the seeds.</summary>
    public double[] OtherSeed(RemovalPlan plan) => Mean(seed => plan.All(RemovalPlan.Other(seed)));

    private double[] Mean(Func<long, RetrainingJob> job)
    {
        var changes = BySeed.Select(ofSeed => ofSeed.Value[job(ofSeed.Key).Name]).ToList();
        return [.. Enumerable.Range(0, changes[0].Length).Select(query => changes.Average(ofSeed => ofSeed[query]))];
    }
}
