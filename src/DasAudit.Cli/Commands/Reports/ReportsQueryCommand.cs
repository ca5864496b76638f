using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;

namespace DasAudit.Cli.Commands.Reports;

internal sealed class ReportsQueryCommand(ReportStores stores, ToolOutput output)
    : ToolCommand("query", "List the reports that meet a filter, newest first.")
{
    private readonly Argument<string[]> _filter = new("FILTER")
    {
        Description = "Terms that must all hold.",
        Arity = ArgumentArity.OneOrMore,
    };

    public override string Notes =>
        """
            Terms, joined by spaces:
              model=TEXT            part of the model's path, or the beginning of its weights' SHA-256
              image=TEXT            part of the query's path, or the beginning of its SHA-256
              rights-holder=NAME    who holds rights in a listed picture, or has a share
              license=SPDX          licence of a listed picture
              from=DATE             made at or after: 2026-01-31 or 2026-01-31T18:00, UTC
              until=DATE            made before
              share>=NUMBER         some group, or the named rights holder, has this share: 0 to 1, or 50%
            A value ends where the next term begins; put quotes around a value that looks like a term:
              model="a model=b"
            """;

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [("reports query 'rights-holder=Google LLC share>=50%'", "Reports in which Google LLC has at least half.")];

    protected override IReadOnlyList<Argument> Positionals => [_filter];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var filter = ReportFilterParser.Parse(string.Join(' ', invocation.Get(_filter)));
        using var store = stores.OpenToRead(invocation.Store);
        ReportTable.Print(output, store.Query(filter), invocation.Json);
        return Task.FromResult(ExitCode.Done);
    }
}
