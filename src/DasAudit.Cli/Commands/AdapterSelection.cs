using System.Globalization;
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

    /// <summary>LoRAs to apply, their paths as given.</summary>
    public Setting<IReadOnlyList<LoraFile>> Loras { get; } =
        Setting.ListOf(
            "--lora",
            "FILE[:WEIGHT]",
            "A LoRA to apply to the model, and by what its change is multiplied (default 1); the LoRA's "
                + "parameters alone are attributed then, unless --parameters says otherwise",
            ReadLora
        );

    /// <summary>What describes the model, as given; null for what lies beside its weights.</summary>
    public Setting<string?> ModelConfig { get; } =
        Setting.Text(
            "--model-config",
            "DIR|FILE",
            "What a single file of weights does not say: the folder of a diffusers pipeline (it needs no "
                + "weights), or the model's original YAML file"
        );

    /// <summary>Height and width of the model's pictures; null for what the checkpoint states.</summary>
    public Setting<int?> Resolution { get; } =
        Setting.OptionalNumber(
            "--resolution",
            "N",
            "Height and width of the pictures that the model is given, in pixels",
            8,
            16384,
            "what the checkpoint states"
        );

    public IReadOnlyList<ISetting> All => [Adapter, Schedule, ModelConfig, Loras, Resolution];

    /// <summary>The model with the schedule that was asked for, for a command that has <see cref="All"/>.</summary>
    public ModelSource Model(Invocation invocation, string model) =>
        ModelAsStated(invocation, model) with
        {
            Schedule = invocation.Get(Schedule),
            ModelConfig = invocation.Get(ModelConfig),
            Loras = invocation.Get(Loras),
            Resolution = invocation.Get(Resolution),
        };

    /// <summary>The model as its checkpoint states it.</summary>
    public ModelSource ModelAsStated(Invocation invocation, string model) =>
        ModelAsStated(invocation, model, invocation.Get(Adapter));

    /// <summary>The same, by an adapter of this name; null for the one that recognises the model.</summary>
    public static ModelSource ModelAsStated(Invocation invocation, string model, string? name)
    {
        var catalog = AdapterCatalog.Open(invocation.Surroundings, invocation.Plugins);
        var adapter = catalog.FindFor(model, name);
        return new(adapter, adapter.Version, adapter.Sha256, model, invocation.Surroundings.WorkingDirectory);
    }

    // A colon may also be part of a path.
    private static LoraFile ReadLora(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0)
            return new(text);
        var isNumber = double.TryParse(
            text.AsSpan(colon + 1),
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out var weight
        );
        return isNumber && double.IsFinite(weight) ? new(text[..colon], weight) : new(text);
    }
}
