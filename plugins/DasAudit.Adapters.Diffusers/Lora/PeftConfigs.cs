using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Safetensors;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>
/// PEFT's configurations beside a LoRA's weights: adapter_config.json for all of them, or diffusers' metadata in the
/// file, where the keys of each network begin with its name.
/// </summary>
internal sealed class PeftConfigs
{
    private const string MetadataKey = "lora_adapter_metadata";

    private readonly PeftConfig? _all;
    private readonly Dictionary<string, PeftConfig> _components = new(StringComparer.Ordinal);

    private PeftConfigs(PeftConfig? all) => _all = all;

    /// <summary>The model that they were made for; null if they do not say.</summary>
    internal string? BaseModel => _all?.BaseModel ?? _components.Values.FirstOrDefault()?.BaseModel;

    internal static PeftConfigs Read(LoraSource source, SafetensorsFile file)
    {
        var configs = new PeftConfigs(
            source.ConfigFile is { } config ? new PeftConfig(JsonConfig.Read(config), prefix: "") : null
        );
        if (!file.Metadata.TryGetValue(MetadataKey, out var text))
            return configs;
        var json = JsonConfig.Parse($"{file.Path} ({MetadataKey})", text);
        foreach (var component in (string[])[LoraComponent.Unet, LoraComponent.TextEncoder, LoraComponent.TextEncoder2])
        {
            if (json.Find($"{component}.r") is not null)
                configs._components[component] = new PeftConfig(json, $"{component}.");
        }
        return configs;
    }

    /// <summary>The metadata in the file that <see cref="Read"/> understands.</summary>
    internal static KeyValuePair<string, string> Metadata(string json) => new(MetadataKey, json);

    internal PeftConfig? Of(string component) => _components.GetValueOrDefault(component) ?? _all;
}
