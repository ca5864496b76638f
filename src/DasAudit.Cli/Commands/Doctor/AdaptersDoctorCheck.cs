using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Plugins;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>Whether there is an adapter, and whether all plugins load.</summary>
internal sealed class AdaptersDoctorCheck(Surroundings surroundings, CommonSettings common) : IDoctorCheck
{
    /// <inheritdoc/>
    public string Name => "adapters";

    /// <inheritdoc/>
    public CheckResult Run(Invocation invocation)
    {
        using var catalog = AdapterCatalog.Open(surroundings, invocation.Get(common.Plugins));
        var adapters = catalog.Entries.SelectMany(entry => entry.Adapters).ToList();
        var problems = catalog
            .Entries.Select(entry => entry.Problem)
            .Concat(adapters.Select(catalog.Conflict))
            .OfType<string>()
            .Distinct()
            .ToList();
        var names = string.Join(", ", adapters.Select(adapter => adapter.Name).Distinct());
        if (adapters.Count == 0)
            return CheckResult.Fail(
                problems.Count == 0 ? "no adapter is installed" : string.Join(' ', problems),
                "install das-audit again, or give a folder with --plugins"
            );
        return problems.Count == 0
            ? CheckResult.Ok(names)
            : CheckResult.Warn($"{names}; but: {string.Join(' ', problems)}", "repair or remove the plugin");
    }
}
