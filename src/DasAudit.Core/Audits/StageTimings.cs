namespace DasAudit.Core.Audits;

/// <summary>Measures the stages of an audit.</summary>
internal sealed class StageTimings(TimeProvider time)
{
    private readonly Dictionary<string, double> _seconds = [];

    /// <summary>Seconds by stage so far.</summary>
    public IReadOnlyDictionary<string, double> Seconds => new Dictionary<string, double>(_seconds);

    /// <summary>Runs a stage that gives nothing.</summary>
    public void Measure(string stage, Action run) =>
        Measure(
            stage,
            () =>
            {
                run();
                return true;
            }
        );

    /// <summary>Runs a stage; measuring it again replaces the earlier figure.</summary>
    public T Measure<T>(string stage, Func<T> run)
    {
        var started = time.GetTimestamp();
        var result = run();
        _seconds[stage] = Math.Round(time.GetElapsedTime(started).TotalSeconds, 3);
        return result;
    }
}
