using System.Globalization;
using DasAudit.Core.Datasets;
using DasAudit.Core.Retraining;
using DasAudit.Core.Training;

namespace DasAudit.Core.Evaluation;

/// <summary>Random parts of a training set, on each of which a model is trained.</summary>
/// <param name="Part">α, the size of each, in (0, 1).</param>
/// <param name="Pictures">Those of each part, in set order.</param>
internal sealed record RandomParts(double Part, IReadOnlyList<IReadOnlyList<TrainingItem>> Pictures)
{
    // Other than those of parts.
    private const long PoolSeed = -1;

    /// <summary>Of the jobs' names.</summary>
    private string Prefix { get; init; } = "";

    /// <summary>The first so many parts of a set: more of them leave those before as they are.</summary>
    public static RandomParts Draw(TrainingSet set, double part, int count) =>
        new(part, [.. Enumerable.Range(0, count).Select(seed => TrainingPart.Draw(set, part, seed))]);

    /// <summary>Parts of a random pool, as if there were no other pictures.</summary>
    /// <param name="pool">ρ, the size of the pool, in (0, 1]; 1 for the whole set.</param>
    public static RandomParts DrawFromPool(TrainingSet set, double pool, double part, int count)
    {
        if (pool >= 1)
            return Draw(set, part, count);
        var pictures = TrainingPart.Draw(set, pool, PoolSeed);
        var parts = Enumerable.Range(0, count).Select(seed => TrainingPart.Draw(set, pictures, part, seed));
        return new(part, [.. parts]) { Prefix = string.Create(CultureInfo.InvariantCulture, $"pool-{pool}-") };
    }

    /// <summary>A job for each part with each training seed; all parts of the first seed come first.</summary>
    public IReadOnlyList<RetrainingJob> Jobs(IReadOnlyList<long> seeds) =>
        [.. seeds.SelectMany(seed => Pictures.Select((pictures, index) => Job(index, seed, pictures)))];

    private RetrainingJob Job(int index, long seed, IReadOnlyList<TrainingItem> pictures) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"{Prefix}part-{Part}-{index:000}-seed-{seed}"),
            pictures,
            seed
        );
}
