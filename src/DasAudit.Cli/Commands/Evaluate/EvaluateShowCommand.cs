using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Document;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Evaluate;

internal sealed class EvaluateShowCommand(ReportStores stores, ToolOutput output)
    : ToolCommand("show", "Show what a stored evaluation found; with --json, its whole result.")
{
    private readonly Argument<string> _id = new("ID")
    {
        Description = "The evaluation's id, or a beginning of it that no other shares.",
    };

    protected override IReadOnlyList<Argument> Positionals => [_id];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var store = stores.OpenToRead(invocation.Store);
        var evaluation = Find(store.Evaluations(), invocation.Get(_id));
        if (invocation.Json)
        {
            output.WriteText(text => text.WriteLine(evaluation.Result));
            return Task.FromResult(ExitCode.Done);
        }
        var lines = evaluation
            .Findings.Select(finding => finding.Sentence)
            .Prepend($"Model '{evaluation.ModelPath}', SHA-256 {evaluation.ModelSha256}.")
            .Prepend($"evaluate {evaluation.Evaluation}: {evaluation.Setting}.");
        output.Write(new Rows(lines.Select(line => new Text(VisibleText.Of(line)))));
        return Task.FromResult(ExitCode.Done);
    }

    private static StoredEvaluation Find(IReadOnlyList<StoredEvaluation> evaluations, string id)
    {
        var matches = evaluations
            .Where(evaluation => evaluation.Id.StartsWith(id, StringComparison.OrdinalIgnoreCase))
            .ToList();
        return matches switch
        {
            [var match] => match,
            [] => throw new AuditException(
                $"There is no evaluation '{id}' in the store; 'evaluate list' shows the ids."
            ),
            _ => throw new AuditException($"Several evaluations begin with '{id}'; give more of the id."),
        };
    }
}
