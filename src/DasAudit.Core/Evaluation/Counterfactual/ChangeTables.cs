using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation.Counterfactual;

/// <summary>Takes the changes that models make.</summary>
internal static class ChangeTables
{
    /// <summary>The change of the picture, of its embedding where there is an encoder, and of the prediction.</summary>
    /// <param name="queries">Generated under all models.</param>
    public static IReadOnlyList<ChangeTable> Of(
        CounterfactualRequest request,
        EvaluationCourt court,
        RemovalPlan plan,
        RegeneratedQueries queries
    )
    {
        var tables = new List<ChangeTable>
        {
            new(
                "pixel-l2",
                "How far the picture from the same noise is from that of all pictures: L2 over values in [−1, 1].",
                Table(queries.Distances)
            ),
        };
        if (request.Common.Audit.Inputs.Encoder is { } encoder)
            tables.Add(
                new(
                    "encoder",
                    "1 − the cosine of the embeddings of these two pictures.",
                    Table((job, reference) => queries.EncoderDistances(job, reference, encoder))
                )
            );
        tables.Add(
            new(
                "output",
                "Root mean square difference of the noise predictions for the query, mean over timesteps.",
                court.Seeds.ToDictionary(seed => seed, OutputChanges)
            )
        );
        return tables;

        Dictionary<long, Dictionary<string, double[]>> Table(Func<RetrainingJob, RetrainingJob, double[]> change) =>
            court.Seeds.ToDictionary(
                seed => seed,
                seed => plan.Compared(seed).ToDictionary(job => job.Name, job => change(job, plan.All(seed)))
            );

        Dictionary<string, double[]> OutputChanges(long seed)
        {
            var jobs = plan.Compared(seed);
            var errors = court.Errors(jobs, plan.All(seed));
            return jobs.Zip(errors)
                .ToDictionary(
                    pair => pair.First.Name,
                    pair => pair.Second.Changes.Select(ofQuery => OutputChange.Of(ofQuery)).ToArray()
                );
        }
    }
}
