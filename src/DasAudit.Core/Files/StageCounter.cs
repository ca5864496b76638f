namespace DasAudit.Core.Files;

/// <summary>
/// Counts what several threads finish of a stage. Reports come in the order of the count: one that came late would look
/// like a stage that begins anew.
/// </summary>
/// <param name="done">Units done before.</param>
internal sealed class StageCounter(IProgress<StageProgress>? progress, string stage, long total, long done = 0)
{
    private readonly Lock _lock = new();
    private long _done = done;

    /// <summary>Counts further units and reports.</summary>
    public void Add(long units = 1, string? note = null)
    {
        lock (_lock)
        {
            _done += units;
            progress?.Report(new(stage, _done, total, note));
        }
    }
}
