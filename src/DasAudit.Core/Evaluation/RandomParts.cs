using System.Globalization;
using DasAudit.Core.Datasets;
using DasAudit.Core.Retraining;
using DasAudit.Core.Training;

namespace DasAudit.Core.Evaluation;

/// <summary>
/// Random parts of a training set and the jobs that train on them: the same ones, of the same names, in every
/// evaluation, so that a study trains them once.
/// </summary>
internal static class RandomParts
{
    /// <summary>The first parts of a size.</summary>
    /// <param name="part">Their size, in (0, 1).</param>
    public static IReadOnlyList<IReadOnlyList<TrainingItem>> Draw(TrainingSet set, double part, int count) =>
        [.. Enumerable.Range(0, count).Select(seed => TrainingPart.Draw(set, part, seed))];

    /// <summary>One job for each part, such as <c>part-0.5-003-seed-11</c>.</summary>
    /// <param name="parts">As <see cref="Draw"/> gave them for the same size.</param>
    /// <param name="seed">Of training.</param>
    public static IReadOnlyList<RetrainingJob> Jobs(
        double part,
        IReadOnlyList<IReadOnlyList<TrainingItem>> parts,
        long seed
    ) => [.. parts.Select((pictures, index) => new RetrainingJob(Name(part, index, seed), pictures, seed))];

    private static string Name(double part, int index, long seed) =>
        string.Create(CultureInfo.InvariantCulture, $"part-{part}-{index:000}-seed-{seed}");
}
