using DasAudit.Core.Files;
using DasAudit.Core.Torch;
using DasAudit.Core.Training;
using static TorchSharp.torch;

namespace DasAudit.Core.Retraining;

/// <summary>
/// A folder of models that were trained on parts of one dataset by one recipe: <c>models/NAME</c> each. Whatever is
/// finished there is used again; a job that was interrupted goes on. Several processes may work on one folder.
/// </summary>
/// <param name="folder">Absolute; made if it is missing.</param>
/// <param name="workers">Jobs at once in this process.</param>
internal sealed class RetrainingStudy(string folder, RetrainingRecipe recipe, Device device, int workers)
{
    private const string LockFile = ".training";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    /// <summary>Where the model of a job is.</summary>
    public string FolderOf(RetrainingJob job) => Path.Combine(folder, "models", job.Name);

    /// <summary>Where is kept what the audited model itself makes.</summary>
    /// <param name="sha256">Of that model.</param>
    public string FolderOfAudited(string sha256) => Path.Combine(folder, "audited", sha256[..16]);

    /// <summary>Whether the model of a job is finished.</summary>
    public bool IsDone(RetrainingJob job) => Trainer.IsFinished(FolderOf(job));

    /// <summary>Trains what is not finished yet; waits for jobs that another process is at.</summary>
    /// <exception cref="AuditException">A folder holds a model of another recipe or part.</exception>
    public void Train(
        IReadOnlyList<RetrainingJob> jobs,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        foreach (var job in jobs.Where(IsDone))
            CheckDone(job);
        var left = jobs.Where(job => !IsDone(job)).ToList();
        if (left.Count == 0)
            return;
        var count = WorkersFor(left[0]);
        var report = new RetrainingProgress(jobs.Count, [.. left.Select(StepsOf)], progress);
        recipe.TrainerFor(left[0], device).Compile();
        while (left.Count > 0)
        {
            Workers.Run(
                NewDisposeScope,
                Math.Min(count, left.Count),
                left.Count,
                (_, index) => TryTrain(left[index], report, cancellation),
                areCompiled: true
            );
            left.RemoveAll(IsDone);
            if (left.Count > 0)
                cancellation.WaitHandle.WaitOne(BetweenLooks);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private int StepsOf(RetrainingJob job) => recipe.OptionsFor(job).Steps;

    // Nothing is done where another process holds the lock.
    private void TryTrain(RetrainingJob job, RetrainingProgress report, CancellationToken cancellation)
    {
        var target = Directory.CreateDirectory(FolderOf(job)).FullName;
        using var held = FileLock.TryTake(Path.Combine(target, LockFile));
        if (held is null)
            return;
        if (!IsDone(job))
            recipe.TrainerFor(job, device).Train(target, halfPrecision: false, report.Of(job), cancellation);
        report.Finish(job, StepsOf(job));
    }

    private void CheckDone(RetrainingJob job)
    {
        var record = TrainingRecord.Read(FolderOf(job));
        IReadOnlyList<string> pictures =
        [
            .. job.Pictures.Select(item => item.PixelSha256).Distinct().Order(StringComparer.Ordinal),
        ];
        var isOfJob = record.Pictures is { } trained && trained.SequenceEqual(pictures);
        if (!isOfJob || record.Options != recipe.OptionsFor(job) with { Keep = record.Options.Keep })
            throw new AuditException(
                $"'{FolderOf(job)}' holds a model of other settings or pictures than are asked for now; give the same "
                    + "ones as then, or another folder."
            );
    }

    // Dropout draws from libtorch's one global generator, so that runs beside each other would change each other.
    private int WorkersFor(RetrainingJob job)
    {
        using var model = recipe.Untrained(job, device);
        var dropsOut = model.Network.modules().Any(module => module is TorchSharp.Modules.Dropout { p: > 0 });
        return dropsOut ? 1 : Workers.On(device.type, workers);
    }
}
