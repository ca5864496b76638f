using System.Globalization;
using DasAudit.Core.Files;

namespace DasAudit.Core.Retraining;

/// <summary>How far all jobs of a study have come, as one stage that counts training steps.</summary>
/// <param name="jobs">All of the study, also those that are finished.</param>
/// <param name="steps">Steps of the jobs that are left.</param>
internal sealed class RetrainingProgress(int jobs, IReadOnlyList<int> steps, IProgress<StageProgress>? progress)
{
    private readonly Lock _lock = new();
    private readonly long _all = steps.Sum(count => (long)count);
    private readonly Dictionary<string, long> _done = [];
    private int _finished = jobs - steps.Count;

    /// <summary>Listens to the training of a job.</summary>
    public IProgress<StageProgress> Of(RetrainingJob job) => new JobProgress(this, job);

    /// <summary>A job is finished, here or by another process.</summary>
    public void Finish(RetrainingJob job, int total)
    {
        lock (_lock)
        {
            _finished++;
            Report(job.Name, total);
        }
    }

    private void Report(RetrainingJob job, StageProgress value)
    {
        if (value.Notice is not null)
            progress?.Report(value);
        else
            lock (_lock)
                Report(job.Name, value.Done);
    }

    private void Report(string name, long done)
    {
        _done[name] = done;
        var note = string.Create(CultureInfo.InvariantCulture, $"{_finished} of {jobs} models");
        progress?.Report(new("training models again", _done.Values.Sum(), _all, note));
    }

    private sealed class JobProgress(RetrainingProgress all, RetrainingJob job) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => all.Report(job, value);
    }
}
