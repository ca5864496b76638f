namespace DasAudit.Core.Evaluation;

/// <summary>What of the errors under a retrained model a method is to predict; the larger, the more was lost.</summary>
/// <param name="Name">In tables and documents.</param>
/// <param name="Meaning">A sentence for people.</param>
/// <param name="Of">From the errors of one query, by timestep: losses, then changes.</param>
internal sealed record TruthTarget(string Name, string Meaning, Func<double[], double[], double> Of)
{
    /// <summary>The name of the target that counts all noise levels alike.</summary>
    public const string LogLoss = "log-loss";

    /// <summary>The name of the target that looks at predictions, not at losses.</summary>
    public const string OutputChange = "output-change";

    // Where losses of training seeds agree.
    private const double LogPart = 0.53;

    /// <summary>The targets that a model's process allows.</summary>
    /// <param name="timesteps">Of the errors, ascending.</param>
    public static IReadOnlyList<TruthTarget> All(IForwardProcess process, IReadOnlyList<int> timesteps)
    {
        var targets = new List<TruthTarget>
        {
            new(
                "simple-loss",
                "Mean squared error of the noise prediction, mean over all timesteps (the usual truth).",
                (losses, _) => losses.Average()
            ),
            new(
                LogLoss,
                "Mean of the logarithm of that error over the less noisy half, so that all timesteps count alike.",
                MeanLog
            ),
        };
        if (process is DiscreteDiffusion discrete)
            targets.Add(
                new(
                    "elbo",
                    "The same error, weighted as in the evidence lower bound.",
                    (losses, _) => Weighted(losses, discrete.Schedule, timesteps)
                )
            );
        targets.AddRange(Blocks(process.TrainTimesteps, timesteps));
        targets.Add(
            new(OutputChange, "How far the prediction is from the audited model's.", (_, changes) => changes.Average())
        );
        return targets;

        double MeanLog(double[] losses, double[] changes) =>
            losses.Where((_, t) => timesteps[t] <= LogPart * process.TrainTimesteps).Average(Math.Log);
    }

    private static IEnumerable<TruthTarget> Blocks(int trainTimesteps, IReadOnlyList<int> timesteps)
    {
        (string Name, string Noise)[] blocks =
        [
            ("low-noise", "little"),
            ("mid-noise", "middling"),
            ("high-noise", "much"),
        ];
        foreach (var (block, (name, noise)) in blocks.Index())
        {
            int[] places =
            [
                .. Enumerable
                    .Range(0, timesteps.Count)
                    .Where(t => (long)timesteps[t] * blocks.Length / trainTimesteps == block),
            ];
            if (places.Length > 0)
                yield return new(
                    name,
                    $"Mean squared error where {noise} noise was added.",
                    (losses, _) => places.Average(t => losses[t])
                );
        }
    }

    // β_t/(2·α_t·(1 − ᾱ_t)) (Ho et al., 2020, equation 12 with σ_t² = β_t)
    private static double Weighted(double[] losses, NoiseSchedule schedule, IReadOnlyList<int> timesteps) =>
        Enumerable.Range(0, losses.Length).Average(place => Weight(schedule, timesteps[place]) * losses[place]);

    private static double Weight(NoiseSchedule schedule, int timestep)
    {
        double beta = schedule.Betas[timestep];
        return beta / (2 * (1 - beta) * (1 - (double)schedule.AlphasCumprod[timestep]));
    }
}
