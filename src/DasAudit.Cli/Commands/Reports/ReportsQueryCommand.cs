using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.Commands.Reports;

/// <summary><c>reports query FILTER</c>.</summary>
internal sealed class ReportsQueryCommand : ToolCommand
{
    private readonly Argument<string[]> _filter = new("FILTER")
    {
        Description = "Terms that must all hold.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly IReportStores _stores;
    private readonly CommonSettings _common;
    private readonly Surroundings _surroundings;
    private readonly ToolOutput _output;

    public ReportsQueryCommand(
        IReportStores stores,
        CommonSettings common,
        Surroundings surroundings,
        ToolOutput output
    )
        : base("query", "List the reports that meet a filter, newest first.")
    {
        (_stores, _common, _surroundings, _output) = (stores, common, surroundings, output);
        Arguments.Add(_filter);
    }

    /// <inheritdoc/>
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
            A value goes on to the next term; one that holds something like a term stands in quotes:
              model="a model=b"
            """;

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [("reports query 'rights-holder=Google LLC share>=50%'", "Reports in which Google LLC has at least half.")];

    /// <inheritdoc/>
    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var filter = ReportFilterParser.Parse(string.Join(' ', invocation.Get(_filter)));
        using var store = _stores.Open(_surroundings.Resolve(invocation.Get(_common.Store)), forWriting: false);
        ReportTable.Print(_output, store.Query(filter), invocation.Get(_common.Json));
        return Task.FromResult(ExitCode.Done);
    }
}
