namespace DasAudit.Core.Attribution;

/// <summary>Scores of one query against its n candidates.</summary>
/// <param name="ByReplicate">τ by noise draw: R rows of n values, not negative.</param>
/// <param name="Directions">+1 or −1 for each candidate.</param>
/// <param name="Damping">λ of each noise draw.</param>
public sealed record DasScores(IReadOnlyList<double[]> ByReplicate, int[] Directions, IReadOnlyList<double> Damping)
{
    /// <summary>Mean over noise draws.</summary>
    public double[] Mean { get; } = [.. Enumerable.Range(0, Directions.Length).Select(i => ByReplicate.Average(scores => scores[i]))];

    /// <summary>Standard error of <see cref="Mean"/>: s/√R; null with a single noise draw.</summary>
    public double? StandardError(int candidate)
    {
        var replicates = ByReplicate.Count;
        if (replicates < 2) return null;
        var variance = ByReplicate.Sum(scores => Math.Pow(scores[candidate] - Mean[candidate], 2)) / (replicates - 1);
        return Math.Sqrt(variance / replicates);
    }
}
