using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Commands.Reports;

internal sealed class ReportsQueryCommand(ReportStores stores, ToolOutput output)
    : ToolCommand("query", "List the reports that meet a filter, newest first.")
{
    private readonly Argument<string[]> _filter = new("FILTER")
    {
        Description = "Terms that must all hold.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Setting<string?> _expression = Setting.Parsed<string?>(
        "--where",
        "EXPRESSION",
        "For experts: a LiteDB expression that must be true of the report's JSON document; it can change nothing.",
        Expression,
        null
    );
    private readonly Setting<int?> _limit = ReportArguments.Limit();

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
              dataset=TEXT          part of the dataset's path, or the beginning of its Merkle root
              method=ID             the method
              picture=TEXT          a listed picture: its path in the dataset, or the beginning of its SHA-256
                                    or pixel hash
              word>=WORD            some listed picture, or the named one, has this evidence word or a stronger
                                    one: weak, moderate, strong
            A value ends where the next term begins; put quotes around a value that looks like a term:
              model="a model=b"
            --where reads every report that meets the terms; the terms alone read an index.
            """;

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("reports query 'rights-holder=Google LLC share>=50%'", "Reports in which Google LLC has at least half."),
            (
                "reports query method=das --where '$.attributions[*].score ANY > 1'",
                "Reports by das in which some listed picture's score is above 1."
            ),
        ];

    protected override IReadOnlyList<Argument> Positionals => [_filter];

    protected override IReadOnlyList<ISetting> Settings => [_expression, _limit];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var terms = invocation.Get(_filter);
        var expression = invocation.Get(_expression);
        var filter =
            terms.Length == 0 && expression is not null
                ? ReportFilter.All
                : ReportFilterParser.Parse(string.Join(' ', terms));
        using var store = stores.OpenToRead(invocation.Store);
        ReportTable.Print(
            output,
            store,
            filter with
            {
                Expression = expression,
            },
            invocation.Get(_limit),
            invocation.Json
        );
        return Task.FromResult(ExitCode.Done);
    }

    private static string Expression(string text)
    {
        ReportExpression.Parse(text);
        return text;
    }
}
