using System.Globalization;
using DasAudit.Cli.Output;
using DasAudit.Core.Evaluation.Sanity;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>Shows checks of methods to a person.</summary>
internal static class SanityView
{
    public static void Write(SanityResult result, ToolOutput output)
    {
        output.Write(Findings(result));
        foreach (var check in result.Checks)
            output.Say($"{check.Id}: {check.Question}");
        foreach (var method in result.Methods)
        foreach (var finding in method.Findings.Where(IsWorthSaying))
            output.Say(Words(method.Method, finding));
        foreach (var line in NotApplicable(result))
            output.Say(line);
    }

    private static Table Findings(SanityResult result)
    {
        var columns = result.Checks.Select(check => new TableColumn(check.Id).RightAligned());
        var table = Tables.Simple([new TableColumn("method"), .. columns]);
        foreach (var method in result.Methods)
            table.AddRow([new Text(method.Method), .. method.Findings.Select(Cell)]);
        return table;
    }

    private static Text Cell(SanityFinding finding) =>
        finding.Status switch
        {
            SanityStatus.Passed => new($"{Number(finding.Value)} ok", Color.Green),
            SanityStatus.Failed => new($"{Number(finding.Value)} FAIL", Color.Red),
            _ => new("–"),
        };

    private static bool IsWorthSaying(SanityFinding finding) =>
        finding.Status != SanityStatus.NotApplicable && finding.Sentence is not null;

    private static string Words(string method, SanityFinding finding)
    {
        var word = finding.Status == SanityStatus.Failed ? "fails" : "passes";
        var interval = finding.Low is null ? "" : $" ({Number(finding.Low)} … {Number(finding.High)})";
        return $"{method} {word} {finding.Check}, {Number(finding.Value)}{interval} against "
            + $"{Number(finding.Threshold)}: {finding.Sentence}";
    }

    // What holds for several methods is said once.
    private static IEnumerable<string> NotApplicable(SanityResult result) =>
        result
            .Methods.SelectMany(method => method.Findings.Select(finding => (method.Method, Finding: finding)))
            .Where(found => found.Finding.Status == SanityStatus.NotApplicable)
            .GroupBy(found => (found.Finding.Check, found.Finding.Sentence), found => found.Method)
            .Select(group => $"{group.Key.Check} is not asked of {string.Join(", ", group)}: {group.Key.Sentence}");

    private static string Number(double? value) =>
        value is { } number ? number.ToString("0.00", CultureInfo.InvariantCulture) : "–";
}
