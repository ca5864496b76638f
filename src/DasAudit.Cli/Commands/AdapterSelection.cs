using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Plugins;
using DasAudit.Cli.Settings;
using DasAudit.Core.Models;

namespace DasAudit.Cli.Commands;

/// <summary>The option <c>--adapter</c> of the commands that load a model, and what it selects.</summary>
internal sealed class AdapterSelection
{
    /// <summary>The adapter to use; null for the one that recognises the model.</summary>
    public Setting<string?> Adapter { get; } =
        Setting.Text("--adapter", "NAME", "The adapter that loads the model; by default the one that recognises it");

    public IReadOnlyList<ISetting> All => [Adapter];

    /// <summary>Finds the adapter for a model; its plugin stays loaded until the process ends.</summary>
    public LoadedAdapter Find(Invocation invocation, string model) =>
        AdapterCatalog.Open(invocation.Surroundings, invocation.Plugins).FindFor(model, invocation.Get(Adapter));

    public ModelSource Model(Invocation invocation, string model)
    {
        var adapter = Find(invocation, model);
        return new(adapter, adapter.Version, adapter.Sha256, model, invocation.Surroundings.WorkingDirectory);
    }
}
