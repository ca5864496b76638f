using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Core.Datasets.Signals;

/// <summary>A line of a file beside pictures that speaks of some of them.</summary>
/// <param name="Pattern">Of the paths that it is about; empty for all.</param>
/// <param name="Group">Lines of one group compete: the longest pattern that fits a path counts.</param>
/// <param name="Signal">What it says.</param>
internal sealed record PathRule(string Pattern, string Group, UseSignal Signal)
{
    public bool Fits(string path) => PathPattern.Fits(Pattern, path);
}
