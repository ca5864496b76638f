using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands.Policies;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Audits;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Policies;

namespace DasAudit.Cli.Commands.Audits;

internal sealed class AuditCommand(
    AuditRunner runner,
    AdapterSelection adapters,
    PolicyInquiries policies,
    CommonSettings common,
    ToolOutput output
) : ToolCommand("audit", "Say which training pictures generated pictures are owed to, and store the reports.")
{
    private readonly AuditSettings _settings = new(
        ArgumentArity.OneOrMore,
        "Generated pictures; one report each.",
        "The pictures the model was trained on, with their rights"
    );
    private readonly Setting<string?> _policy = Setting.Text(
        "--policy",
        "FILE",
        "Ask a policy about the reports when they are stored, and exit with 2 if a rule is hit; see policy check"
    );

    private readonly Setting<bool> _missing = Setting.Flag(
        "--missing",
        "Leave out pictures on which the store holds a report of the same model, dataset and settings"
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("audit picture.png --model ddpm/ --dataset pictures/ --candidates all", "Score every training picture."),
            (
                "audit *.png --model ddpm/ --dataset pictures/ --encoder clip/",
                "Score the 1000 most similar of a large dataset."
            ),
        ];

    protected override IReadOnlyList<Argument> Positionals => [_settings.Images];

    protected override IReadOnlyList<ISetting> Settings => [.. _settings.All(adapters.All), _missing, _policy];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var task = _settings.Read(invocation) with { OnlyMissing = invocation.Get(_missing) };
        var policy = invocation.Get(_policy) is { } file ? PolicyFile.Read(invocation, file) : null;
        var outcome = await runner.RunAsync(task, invocation, cancellation).ConfigureAwait(false);
        var reports = outcome.Reports.Select(report => report.Report).ToList();
        if (invocation.Json && task.Images.Count == 1 && reports.Count == 1)
            output.WriteJson(reports[0]);
        else if (invocation.Json)
            output.WriteJson(ReportsDocument.Of(reports, outcome.Refused));
        else if (reports.Count > 0)
            Print(invocation, reports);
        var isHit = policy is not null && IsHit(policies.Begin(invocation, policy), reports);
        if (outcome.Refused.Count > 0)
        {
            output.Fail(LeftOut(outcome.Refused, task.Images.Count));
            return ExitCode.Error;
        }

        return isHit ? ExitCode.Policy : ExitCode.Done;
    }

    // Standard output holds the reports.
    private bool IsHit(PolicyInquiry inquiry, IReadOnlyList<AuditReport> reports)
    {
        foreach (var report in reports)
            inquiry.AskNew(report);
        var outcome = inquiry.Outcome();
        foreach (var finding in outcome.Unwaived)
            output.Fail($"{finding.Severity.Name()} {finding.Rule.Id}: {finding.Subject.File}: {finding.Message}");
        output.Say(PolicyView.Summary(outcome));
        return outcome.IsHit;
    }

    private void Print(Invocation invocation, IReadOnlyList<AuditReport> reports)
    {
        foreach (var report in reports.OrderNaturally(report => report.Query.Path))
            output.Write(ReportView.Of(report));
        // So that the command can be copied as it stands.
        var store = invocation.Get(common.Store);
        var option = store == common.Store.Fallback ? "" : $" --store {CommandLineText.Argument(store)}";
        output.SayUnbroken($"Stored. As a page: das-audit reports export {reports[0].Id} --output report.html{option}");
    }

    private static string LeftOut(IReadOnlyList<RefusedPicture> refused, int images)
    {
        var names = string.Join(", ", refused.Select(picture => $"'{picture.Path}'"));
        return $"{refused.Count} of {Numbers.Count(images, "picture")} could not be audited: {names}.";
    }
}
