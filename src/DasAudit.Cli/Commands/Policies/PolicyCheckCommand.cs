using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands.Reports;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Policies;

namespace DasAudit.Cli.Commands.Policies;

internal sealed class PolicyCheckCommand(PolicyInquiries inquiries, AdapterSelection adapters, ToolOutput output)
    : ToolCommand(
        "check",
        "Ask a policy about reports, generated pictures, datasets and models. Exits with 2 if a rule is hit."
    )
{
    private const string EveryReport = "all";

    private readonly Argument<string[]> _targets = new("TARGET")
    {
        Description =
            "Ids of stored reports, bundles, reports as JSON, generated pictures, datasets, and a model that reports "
            + "are compared with; by default the pictures that the policy names.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly PolicySettings _policy = new();
    private readonly DatasetSettings _dataset = new("The training pictures", isRequired: false);
    private readonly Setting<string?> _query = Setting.Text(
        "--query",
        "FILTER|all",
        "Ask about the stored reports that meet a filter of reports query, or about all"
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("policy check", "The pictures that the policy names."),
            ("policy check 01J9 unet/ photos/", "A stored report, the model that it must be about, a dataset."),
            (
                "policy check --query all --format sarif --output das-audit.sarif",
                "All stored reports, for people and for a code host."
            ),
        ];

    public override string Notes =>
        "Findings that are waived are written too and count for nothing. A folder is a model if an adapter recognises "
        + "it, else a dataset. Of a picture the newest stored report counts, of the named model's weights if there is "
        + "one. Errors in the policy itself end with 1.";

    protected override IReadOnlyList<Argument> Positionals => [_targets];

    protected override IReadOnlyList<ISetting> Settings =>
        [.. _policy.All, _query, .. _dataset.Reading, .. adapters.All];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Get(_policy.Output) is not null && invocation.Get(_policy.Format) is null)
            throw new UsageException("--output takes what --format writes; give --format too.");
        if (invocation.Json && invocation.Get(_policy.Format) is not null && invocation.Get(_policy.Output) is null)
            throw new UsageException("--json leaves no room for --format on standard output; give --output FILE.");
        var filter = Filter(invocation);
        var file = PolicyFile.Read(invocation, invocation.Get(_policy.Policy));
        var texts = invocation.Get(_targets);
        List<PolicyTarget> targets = [.. texts.Select(text => PolicyTarget.Of(invocation, text))];
        if (texts.Length == 0 && filter is null)
            targets = ShippedPictures.Of(file, invocation);
        var inquiry = inquiries.Begin(invocation, file);
        await inquiry.AskAsync(targets, _dataset, cancellation).ConfigureAwait(false);
        if (filter is not null)
            inquiry.AskStored(filter, cancellation);
        var outcome = inquiry.Outcome();
        if (invocation.Get(_policy.WarningsAsErrors))
            outcome = outcome.WithWarningsAsErrors();
        if (invocation.Get(_policy.Format)?.ShowsPictures == true)
            outcome = inquiry.WithPictures(outcome);
        Print(invocation, outcome);
        return outcome.IsHit ? ExitCode.Policy : ExitCode.Done;
    }

    private ReportFilter? Filter(Invocation invocation) =>
        invocation.Get(_query) switch
        {
            null => null,
            EveryReport => ReportFilter.All,
            var terms => ReportFilterParser.Parse(terms),
        };

    private void Print(Invocation invocation, PolicyOutcome outcome)
    {
        var format = invocation.Get(_policy.Format);
        if (invocation.Get(_policy.Output) is { } path)
        {
            AtomicFile.Write(invocation.Resolve(path), (TextWriter writer) => format!.Write(outcome, writer));
            format = null;
        }

        if (invocation.Json)
            output.WriteJson(PolicyView.Document(outcome));
        else if (format is not null)
            output.WriteText(writer => format.Write(outcome, writer));
        else
            output.Write(PolicyView.Of(outcome));
        output.Say(PolicyView.Summary(outcome));
    }
}
