using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Plugins;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.Commands;

/// <summary>The option <c>--adapter</c> of the commands that load a model, and what it selects.</summary>
internal sealed class AdapterSelection(Surroundings surroundings, CommonSettings common)
{
    /// <summary>The adapter to use; null for the one that recognises the model.</summary>
    public Setting<string?> Adapter { get; } =
        Setting.Text("--adapter", "NAME", "The adapter that loads the model; by default the one that recognises it");

    /// <summary>Finds the adapter for a model. Its plugin stays loaded until the process ends.</summary>
    /// <param name="invocation">Of a command that has <see cref="Adapter"/> among its options.</param>
    /// <param name="model">The checkpoint, as written.</param>
    /// <exception cref="Abstractions.AuditException">There is none, or more than one.</exception>
    public LoadedAdapter Find(Invocation invocation, string model) =>
        AdapterCatalog.Open(surroundings, invocation.Get(common.Plugins)).FindFor(model, invocation.Get(Adapter));
}
