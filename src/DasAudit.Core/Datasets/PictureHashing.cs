using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets;

/// <summary>Runs over the pictures of a dataset on all processors and reports each that is done.</summary>
internal static class PictureHashing
{
    private const string Stage = "hashing pictures";

    /// <summary>Calls <paramref name="hash"/> with 0 … <paramref name="count"/> − 1, in any order.</summary>
    public static void Run(
        int count,
        Action<int> hash,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    ) => Run([count], hash, progress, cancellation);

    /// <summary>The same for batches that follow each other: none begins before the one before it is done.</summary>
    /// <param name="batches">How many pictures each holds.</param>
    public static void Run(
        IReadOnlyList<int> batches,
        Action<int> hash,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var total = batches.Sum();
        var counter = new StageCounter(progress, Stage, total);
        counter.Add(0);
        var options = new ParallelOptions { CancellationToken = cancellation };
        var start = 0;
        foreach (var count in batches)
        {
            Parallel.For(start, start + count, options, HashOne);
            start += count;
        }

        void HashOne(int i)
        {
            hash(i);
            counter.Add();
        }
    }
}
