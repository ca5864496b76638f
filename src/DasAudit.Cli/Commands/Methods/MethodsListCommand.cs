using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Methods;

internal sealed class MethodsListCommand(ToolOutput output)
    : ToolCommand("list", "List the attribution methods: what each needs, costs and means.")
{
    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var lines = MethodCatalog.All.Select(method => LineOf(method, invocation)).ToList();
        if (invocation.Json)
            output.WriteJson(new ListDocument<Line>("das-audit/methods/1", lines));
        else
            output.Write(Table(lines));
        return Task.FromResult(ExitCode.Done);
    }

    private static Line LineOf(IAttributionMethod method, Invocation invocation) =>
        new(
            method.Description.Id,
            method.Description.Title,
            method.Description.Source,
            invocation.WithOptionNames(method.Description.Cost),
            method.Description.Scores.LargerMeans,
            Needs(method.Needs)
        );

    private static List<string> Needs(MethodNeeds needs)
    {
        var words = new List<string>();
        if (needs.Features.Count > 0)
            words.Add(MethodNeeds.Gradients);
        if (needs.Features.Any(need => need.Checkpoints != CheckpointChoice.Final))
            words.Add("checkpoints");
        if (needs.Features.Any(need => need.AdamMetric))
            words.Add("second moments");
        if (needs.Replay)
            words.Add("training state");
        if (needs.Features.Any(need => need.Trajectory))
            words.Add("trajectory");
        if (needs.Embeddings)
            words.Add("encoder");
        if (needs.Pixels)
            words.Add("pixels");
        if (needs.Activations)
            words.Add(MethodNeeds.InnerActivations);
        if (needs.RetrainedModels > 0)
            words.Add(MethodNeeds.OtherModels);
        return words;
    }

    private static Table Table(IEnumerable<Line> lines)
    {
        var table = Tables.Simple("method", "name", "source", "needs", "cost", "a larger score means");
        foreach (var line in lines)
            table.AddRow(
                new Text(line.Id),
                new Text(line.Title),
                new Text(line.Source),
                new Text(string.Join(", ", line.Needs)),
                new Text(line.Cost),
                new Text(line.LargerMeans)
            );
        return table;
    }

    private sealed record Line(
        string Id,
        string Title,
        string Source,
        string Cost,
        string LargerMeans,
        IReadOnlyList<string> Needs
    );
}
