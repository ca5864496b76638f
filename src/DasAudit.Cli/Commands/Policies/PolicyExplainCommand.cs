using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Evidence.Policies;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Policies;

internal sealed class PolicyExplainCommand(ToolOutput output)
    : ToolCommand("explain", "Explain a rule: what it looks at, what to do where it is hit, how a policy has it.")
{
    private readonly Argument<string?> _rule = new("RULE")
    {
        Description = "The rule's number, such as DAS0004, or its name; by default all are listed.",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => null,
    };

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [("policy explain DAS0004", "What a finding of this number means."), ("policy explain", "All rules.")];

    protected override IReadOnlyList<Argument> Positionals => [_rule];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var text = invocation.Get(_rule);
        IReadOnlyList<RuleDescription> rules = text is null ? RuleCatalog.All : [Find(text)];
        if (invocation.Json)
            output.WriteJson(new ListDocument<object>("das-audit/policy-rules/1", [.. rules.Select(Document)]));
        else if (text is null)
            output.Write(List(rules));
        else
            output.Write(View(rules[0]));
        return Task.FromResult(ExitCode.Done);
    }

    private static RuleDescription Find(string text) =>
        RuleCatalog.Find(text)
        ?? throw new UsageException(
            $"'{text}' is no rule{Nearest.Hint(text, RuleCatalog.All.SelectMany(rule => new[] { rule.Id, rule.Name }))}"
        );

    private static Table List(IEnumerable<RuleDescription> rules)
    {
        var table = Tables.Simple("", "rule", "severity", "what it asks for");
        foreach (var rule in rules)
            table.AddRow(rule.Id, rule.Name, rule.Severity.Name(), rule.Title);
        return table;
    }

    private static Grid View(RuleDescription rule)
    {
        var grid = Tables.Pairs();
        grid.AddPair(rule.Id, rule.Name);
        grid.AddPair("", rule.Title + ".");
        grid.AddPair("looks at", rule.Explanation);
        grid.AddPair("what to do", rule.Remedy);
        grid.AddPair("severity", $"{rule.Severity.Name()}, unless the policy says another");
        foreach (var (name, meaning) in rule.Members)
            grid.AddPair(name, meaning);
        grid.AddPair("example", rule.Example);
        return grid;
    }

    private static object Document(RuleDescription rule) =>
        new
        {
            id = rule.Id,
            name = rule.Name,
            title = rule.Title,
            explanation = rule.Explanation,
            remedy = rule.Remedy,
            severity = rule.Severity,
            members = rule.Members.Select(member => new { name = member.Name, meaning = member.Meaning }),
            example = rule.Example,
        };
}
