using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Plugins;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Doctor;

internal sealed class ToolChecks(ReportStores stores)
{
    /// <summary>Whether there is an adapter, and whether all plugins load.</summary>
    public static CheckResult Adapters(Invocation invocation)
    {
        var catalog = AdapterCatalog.Open(invocation.Surroundings, invocation.Plugins);
        var adapters = catalog.Entries.SelectMany(entry => entry.Adapters).ToList();
        var problems = catalog
            .Entries.Select(entry => entry.Problem)
            .Concat(adapters.Select(catalog.Conflict))
            .OfType<string>()
            .Distinct()
            .ToList();
        var problemText = string.Join(' ', problems);
        if (adapters.Count == 0)
            return CheckResult.Fail(
                problems.Count == 0 ? "no adapter is installed" : problemText,
                "install das-audit again, or give a folder with --plugins"
            );
        var names = string.Join(", ", adapters.Select(adapter => adapter.Name).Distinct());
        return problems.Count == 0
            ? CheckResult.Ok(names)
            : CheckResult.Warn($"{names}; but: {problemText}", "repair or remove the plugin");
    }

    /// <summary>Whether the evidence store opens. A missing one is no fault: the first audit makes it.</summary>
    public CheckResult Store(Invocation invocation)
    {
        var path = invocation.Store;
        var shown = invocation.Surroundings.Show(path);
        if (!Path.Exists(path))
            return CheckResult.Ok($"none yet at '{shown}'; the first audit makes it");
        using var store = stores.OpenToRead(path);
        var count = store.Find(ReportFilter.All).Count;
        return CheckResult.Ok($"{Numbers.Count(count, "report")} in '{shown}'");
    }
}
