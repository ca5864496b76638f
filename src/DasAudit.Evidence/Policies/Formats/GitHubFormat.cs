using System.Globalization;

namespace DasAudit.Evidence.Policies.Formats;

/// <summary>Commands of GitHub Actions that make annotations: <c>::error file=…,line=1,title=…::…</c>.</summary>
internal sealed class GitHubFormat : IPolicyFormat
{
    public string Name => "github";

    public void Write(PolicyOutcome outcome, TextWriter writer)
    {
        foreach (var finding in FindingLines.Of(outcome))
            writer.WriteLine(Command(finding));
    }

    private static string Command(PolicyFinding finding)
    {
        var command = finding.Severity == PolicySeverity.Note ? "notice" : finding.Severity.Name();
        var place = string.Create(
            CultureInfo.InvariantCulture,
            $"line={finding.Subject.Line},col={finding.Subject.Column}"
        );
        var file = Property(FindingLines.OneLine(finding.Subject.File));
        var title = Property($"{finding.Rule.Id} {finding.Rule.Name}");
        return $"::{command} file={file},{place},title={title}::{Data(FindingLines.OneLine(finding.Message))}";
    }

    // As GitHub's own toolkit escapes them.
    private static string Data(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
