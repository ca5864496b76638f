using System.Globalization;

namespace DasAudit.Evidence.Policies.Formats;

/// <summary>Lines that MSBuild, and editors, take for diagnostics: <c>FILE(1,1): error DAS0001: …</c>.</summary>
internal sealed class MsBuildFormat : IPolicyFormat
{
    public string Name => "msbuild";

    public void Write(PolicyOutcome outcome, TextWriter writer)
    {
        foreach (var finding in FindingLines.Of(outcome))
            writer.WriteLine(Line(finding));
    }

    // MSBuild knows errors and warnings; what is neither is a message of the log.
    private static string Line(PolicyFinding finding)
    {
        var kind = finding.Severity == PolicySeverity.Note ? "info" : finding.Severity.Name();
        var (file, line, column) = (finding.Subject.File, finding.Subject.Line, finding.Subject.Column);
        var place = string.Create(CultureInfo.InvariantCulture, $"({line},{column})");
        return FindingLines.OneLine($"{file}{place}: {kind} {finding.Rule.Id}: {finding.Message}");
    }
}
