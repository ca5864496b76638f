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
    )
    {
        var done = 0;
        var reporting = new Lock();
        progress?.Report(new StageProgress(Stage, done, count));
        var options = new ParallelOptions { CancellationToken = cancellation };
        Parallel.For(
            0,
            count,
            options,
            i =>
            {
                hash(i);
                lock (reporting)
                {
                    done++;
                    progress?.Report(new StageProgress(Stage, done, count));
                }
            }
        );
    }
}
