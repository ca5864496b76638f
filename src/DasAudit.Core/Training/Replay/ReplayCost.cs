namespace DasAudit.Core.Training.Replay;

/// <summary>What a replay costs on this machine, measured on a little; wall-clock seconds.</summary>
/// <param name="Steps">K, the steps that are replayed.</param>
/// <param name="BatchSize">Pictures a step.</param>
/// <param name="ScoredSteps">At how many of them pictures are scored.</param>
/// <param name="StartSeconds">Before the first picture at each of those.</param>
/// <param name="PassSeconds">For a noised picture, through the network and back, all workers together.</param>
/// <param name="Parameters">p, the number of trained parameters.</param>
/// <param name="GradientBytes">Bytes that the workers take while pictures are scored.</param>
internal sealed record ReplayCost(
    int Steps,
    int BatchSize,
    int ScoredSteps,
    double StartSeconds,
    double PassSeconds,
    long Parameters,
    long GradientBytes
)
{
    /// <summary>Forwards once, backwards once and once for each query, and the scored pictures.</summary>
    public double Seconds(int queries, int rows) =>
        (2.0 + queries) * Steps * BatchSize * PassSeconds
        + ScoredSteps * (StartSeconds + (double)rows * ReplayPasses.Strata * PassSeconds);

    /// <summary>Most bytes beside the program itself: states of two segments, and five vectors a query.</summary>
    public long Bytes(int queries) =>
        GradientBytes + sizeof(float) * Parameters * (8 * (long)Math.Ceiling(Math.Sqrt(Steps)) + 5L * queries);
}
