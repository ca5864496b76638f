namespace DasAudit.Core.Diffusion;

/// <summary>
/// Some of a picture's rows: several whole noise draws, or some timesteps of one. Normalisation is per row, so cutting
/// changes nothing but the rounding of sums.
/// </summary>
/// <param name="Replicate">First noise draw.</param>
/// <param name="Timestep">Position of the first timestep.</param>
/// <param name="Timesteps">Number of timesteps of each noise draw.</param>
internal readonly record struct BatchPlan(int Replicate, int Replicates, int Timestep, int Timesteps)
{
    public int Rows => Replicates * Timesteps;

    /// <summary>Noise draw and position of the timestep of a row of the batch.</summary>
    public (int Replicate, int Timestep) Pass(int row) => (Replicate + row / Timesteps, Timestep + row % Timesteps);

    /// <summary>
    /// Cuts K timesteps of R noise draws into batches of at most <paramref name="rows"/> rows, as even as can be. The
    /// plan depends on these numbers alone, so that the same picture always meets the same batches.
    /// </summary>
    public static IEnumerable<BatchPlan> Cut(int timesteps, int replicates, int rows)
    {
        if (timesteps > rows)
        {
            for (var r = 0; r < replicates; r++)
            {
                foreach (var (start, count) in Even(timesteps, rows))
                    yield return new(r, 1, start, count);
            }
        }
        else
        {
            foreach (var (start, count) in Even(replicates, rows / timesteps))
                yield return new(start, count, 0, timesteps);
        }
    }

    private static IEnumerable<(int Start, int Count)> Even(int total, int most)
    {
        var parts = (total + most - 1) / most;
        return Enumerable.Range(0, parts).Select(i => (i * total / parts, (i + 1) * total / parts - i * total / parts));
    }
}
