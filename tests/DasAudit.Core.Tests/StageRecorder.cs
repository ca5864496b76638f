using DasAudit.Core.Files;

namespace DasAudit.Core.Tests;

/// <summary>Hears how far each stage has come.</summary>
internal sealed class StageRecorder : IProgress<StageProgress>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StageProgress> _latest = [];

    public bool HasHeard(string stage) => _latest.ContainsKey(stage);

    /// <summary>Runs a job and asserts that people who wait see each of its stages come to its end.</summary>
    public static T Finished<T>(Func<IProgress<StageProgress>, T> job)
    {
        var stages = new StageRecorder();
        var result = job(stages);
        Assert.All(stages._latest.Values, stage => Assert.Equal((stage.Stage, stage.Total), (stage.Stage, stage.Done)));
        Assert.All(stages._latest.Values, stage => Assert.NotEqual((stage.Stage, 0), (stage.Stage, stage.Done)));
        return result;
    }

    public void Report(StageProgress value)
    {
        if (value.Notice is not null)
            return;
        lock (_lock)
            _latest[value.Stage] = value;
    }
}
