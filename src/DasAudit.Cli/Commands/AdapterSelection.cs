using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Plugins;
using DasAudit.Cli.Settings;
using DasAudit.Core.Models;

namespace DasAudit.Cli.Commands;

/// <summary>The options of the commands that load a model, and what they select.</summary>
internal sealed class AdapterSelection
{
    /// <summary>The adapter to use; null for the one that recognises the model.</summary>
    public Setting<string?> Adapter { get; } =
        Setting.Text("--adapter", "NAME", "The adapter that loads the model; by default the one that recognises it");

    /// <summary>The noise schedule to take, as given; null for the checkpoint's own.</summary>
    public Setting<string?> Schedule { get; } =
        Setting.Text(
            "--schedule",
            "FILE|NAME[:PREDICTION]",
            "The noise schedule that the model was trained with, where the checkpoint does not say or says it wrong: a "
                + "scheduler_config.json, a folder with one, or ddpm-linear, ddpm-scaled-linear, ddpm-cosine or "
                + "sd-scaled-linear, with :epsilon, :v_prediction or :sample after it"
        );

    public IReadOnlyList<ISetting> All => [Adapter, Schedule];

    /// <summary>The model with the schedule that was asked for, for a command that has <see cref="All"/>.</summary>
    public ModelSource Model(Invocation invocation, string model) =>
        ModelAsStated(invocation, model) with
        {
            Schedule = invocation.Get(Schedule),
        };

    /// <summary>The model as its checkpoint states it; the adapter's plugin stays loaded to the end.</summary>
    public ModelSource ModelAsStated(Invocation invocation, string model)
    {
        var catalog = AdapterCatalog.Open(invocation.Surroundings, invocation.Plugins);
        var adapter = catalog.FindFor(model, invocation.Get(Adapter));
        return new(adapter, adapter.Version, adapter.Sha256, model, invocation.Surroundings.WorkingDirectory);
    }
}
