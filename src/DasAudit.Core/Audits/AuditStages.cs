using DasAudit.Core.Files;

namespace DasAudit.Core.Audits;

/// <summary>Runs the stages of an audit one after the other and measures them.</summary>
internal sealed class AuditStages(TimeProvider time, IProgress<StageProgress>? progress, CancellationToken cancellation)
{
    private readonly Dictionary<string, double> _seconds = [];

    public IProgress<StageProgress>? Progress => progress;

    public CancellationToken Cancellation => cancellation;

    /// <summary>Seconds by stage so far, in the order in which they first ran.</summary>
    public IReadOnlyDictionary<string, double> Seconds => new Dictionary<string, double>(_seconds);

    /// <summary>Runs a stage; running it again replaces the earlier figure.</summary>
    public T Run<T>(string stage, Func<T> run)
    {
        cancellation.ThrowIfCancellationRequested();
        var started = time.GetTimestamp();
        var result = run();
        _seconds[stage] = Math.Round(time.GetElapsedTime(started).TotalSeconds, 3);
        return result;
    }
}
