using DasAudit.Core.Files;

namespace DasAudit.Core.Tests;

/// <summary>Hears what people are told.</summary>
internal sealed class Notices : IProgress<StageProgress>
{
    public List<string> Heard { get; } = [];

    public void Report(StageProgress value)
    {
        if (value.Notice is { } notice)
            Heard.Add(notice);
    }
}
