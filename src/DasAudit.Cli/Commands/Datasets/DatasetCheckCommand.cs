using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Datasets;
using DasAudit.Core.Datasets.Checks;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Datasets;

internal sealed class DatasetCheckCommand(DatasetReader reader, TimeProvider time, ToolOutput output)
    : ToolCommand(
        "check",
        "Report missing and contradictory rights, opt-outs of training, copies and broken pictures of a dataset. "
            + "Exits with 3 if it finds worse than information."
    )
{
    private const int Shown = 3;

    private readonly Argument<string> _folder = DatasetReader.Folder();
    private readonly DatasetSettings _dataset = new("The training pictures");

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("dataset check pictures/", "What is wrong, with a few pictures of each kind."),
            ("dataset check pictures/ --json", "All pictures of each kind."),
        ];

    public override string Notes =>
        "Errors: copies with different rights, pictures that cannot be read. Warnings: look-alikes with different "
        + "rights, no rights holder, no licence, a licence that is no SPDX expression, licences and holders that "
        + "contradict what a file states for the dataset or what the picture's own file states, training or mining "
        + "refused or under conditions (XMP, C2PA, tdmrep.json, ai.txt, robots.txt), pictures that the metadata do "
        + "not list, files that cannot be read for all this. Information: copies, look-alikes, a licence of the whole "
        + "folder, training allowed, pictures without a caption beside others with one. The exit code is 3, as that of "
        + "adapters check: the dataset does not agree with what it should be. 2 stays for policies.";

    protected override IReadOnlyList<Argument> Positionals => [_folder];

    protected override IReadOnlyList<ISetting> Settings => _dataset.Reading;

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var folder = invocation.Get(_folder);
        var set = await reader.ReadAsync(invocation, folder, _dataset, cancellation).ConfigureAwait(false);
        var findings = DatasetCheck.Run(set, time);
        var passed = findings.All(finding => finding.Severity == Severity.Information);
        if (invocation.Json)
            output.WriteJson(Document(folder, set, findings, passed));
        else if (findings.Count == 0)
            output.Say($"Nothing is wrong with the {Numbers.Count(set.Items.Count, "picture")} of '{folder}'.");
        else
            output.Write(Table(findings));
        return passed ? ExitCode.Done : ExitCode.Mismatch;
    }

    private static object Document(string folder, TrainingSet set, IReadOnlyList<Finding> findings, bool passed) =>
        new
        {
            schema = "das-audit/dataset-check/1",
            dataset = folder,
            pictures = set.Items.Count,
            skipped = set.Skipped.Count,
            root = set.Root,
            passed,
            findings = findings.Select(finding => new
            {
                kind = finding.Kind,
                severity = Word(finding.Severity),
                meaning = finding.Meaning,
                pictures = finding.Pictures,
                groups = finding.Groups,
            }),
        };

    private static Table Table(IReadOnlyList<Finding> findings)
    {
        var table = Tables.Simple(
            new TableColumn("").NoWrap(),
            new TableColumn("files").RightAligned(),
            new TableColumn("finding"),
            new TableColumn("such as")
        );
        foreach (var finding in findings)
            table.AddRow(
                Mark(finding.Severity),
                new Text(Numbers.Count(finding.Pictures)),
                new Text(finding.Meaning),
                new Rows(FirstOf(finding).Select(Tables.Foreign))
            );
        return table;
    }

    private static IEnumerable<string> FirstOf(Finding finding)
    {
        foreach (var group in finding.Groups.Take(Shown))
        {
            var names = string.Join(", ", group.Pictures.Take(Shown));
            var more = group.Pictures.Count > Shown ? ", …" : "";
            yield return group.Detail is null ? names + more : $"{names}{more}: {group.Detail}";
        }
        if (finding.Groups.Count > Shown)
            yield return "…";
    }

    private static string Word(Severity severity) =>
        severity switch
        {
            Severity.Error => "error",
            Severity.Warning => "warning",
            _ => "information",
        };

    private static Text Mark(Severity severity) =>
        severity switch
        {
            Severity.Error => new("error", Color.Red),
            Severity.Warning => new("warning", Color.Yellow),
            _ => new("information"),
        };
}
