using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Plugins;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Adapters;

internal sealed class AdaptersListCommand(ToolOutput output)
    : ToolCommand("list", "List the adapter plugins that were found, with what is wrong with them.")
{
    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var catalog = AdapterCatalog.Open(invocation.Surroundings, invocation.Plugins);
        var lines = catalog.Entries.SelectMany(entry => Lines(entry, catalog, invocation)).ToList();
        if (invocation.Json)
            output.WriteJson(new ListDocument<Line>("das-audit/adapters/1", lines));
        else if (lines.Count == 0)
            output.Say(
                "No adapter plugins. A plugin is a folder NAME with NAME.dll "
                    + "in ~/.das-audit/plugins, ./plugins or the folder of --plugins."
            );
        else
            output.Write(Table(lines, invocation.Surroundings));
        return Task.FromResult(ExitCode.Done);
    }

    private static IEnumerable<Line> Lines(PluginEntry entry, AdapterCatalog catalog, Invocation invocation)
    {
        if (entry.Problem is { } problem)
            return [Broken(entry, invocation.WithOptionNames(problem))];
        return entry.Adapters.Select(adapter => Loaded(entry, adapter, catalog.Conflict(adapter)));
    }

    private static Line Broken(PluginEntry entry, string problem) =>
        new(null, entry.Name, null, entry.AssemblyPath, null, "broken", problem);

    private static Line Loaded(PluginEntry entry, LoadedAdapter adapter, string? conflict) =>
        new(
            adapter.Name,
            entry.Name,
            adapter.Version,
            adapter.AssemblyPath,
            adapter.Sha256,
            conflict is null ? "ok" : "conflict",
            conflict
        );

    private static Table Table(IEnumerable<Line> lines, Surroundings surroundings)
    {
        var table = Tables.Simple("adapter", "version", "status", "plugin");
        foreach (var line in lines)
            table.AddRow(
                new Text(line.Name ?? ""),
                Tables.Foreign(line.Version?.Split('+')[0]),
                new Text(line.Status, line.Problem is null ? Color.Green : Color.Red),
                Tables.Foreign(line.Problem ?? surroundings.Show(line.Path))
            );
        return table;
    }

    private sealed record Line(
        string? Name,
        string Plugin,
        string? Version,
        string Path,
        string? Sha256,
        string Status,
        string? Problem
    );
}
