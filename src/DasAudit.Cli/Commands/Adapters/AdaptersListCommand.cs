using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Plugins;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Evidence.Exports;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Adapters;

/// <summary><c>adapters list</c>.</summary>
internal sealed class AdaptersListCommand(CommonSettings common, Surroundings surroundings, ToolOutput output)
    : ToolCommand("list", "List the adapter plugins that were found, with what is wrong with them.")
{
    /// <inheritdoc/>
    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var catalog = AdapterCatalog.Open(surroundings, invocation.Get(common.Plugins));
        var lines = catalog.Entries.SelectMany(entry => Lines(entry, catalog)).ToList();
        if (invocation.Get(common.Json))
            output.WriteJson(new ListDocument<Line>("das-audit/adapters/1", lines));
        else if (lines.Count == 0)
            output.Say(
                "No adapter plugins. A plugin is a folder NAME with NAME.dll in ~/.das-audit/plugins, ./plugins or the folder of --plugins."
            );
        else
            output.Write(Table(lines));
        return Task.FromResult(ExitCode.Done);
    }

    private static IEnumerable<Line> Lines(PluginEntry entry, AdapterCatalog catalog) =>
        entry.Problem is { } problem
            ? [new(null, entry.Name, null, entry.AssemblyPath, null, "broken", problem)]
            : entry.Adapters.Select(adapter => new Line(
                adapter.Name,
                entry.Name,
                adapter.Version,
                adapter.AssemblyPath,
                adapter.Sha256,
                catalog.Conflict(adapter) is null ? "ok" : "conflict",
                catalog.Conflict(adapter)
            ));

    private Table Table(IEnumerable<Line> lines)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = false }
            .AddColumn("adapter")
            .AddColumn("version")
            .AddColumn("status")
            .AddColumn("plugin");
        foreach (var line in lines)
        {
            table.AddRow(
                new Text(line.Name ?? ""),
                new Text(VisibleText.Of(line.Version?.Split('+')[0] ?? "")),
                new Text(line.Status, line.Problem is null ? Color.Green : Color.Red),
                new Text(VisibleText.Of(line.Problem ?? surroundings.Show(line.Path)))
            );
        }
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
