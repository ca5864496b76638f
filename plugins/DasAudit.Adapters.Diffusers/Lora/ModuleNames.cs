using DasAudit.Adapters.Diffusers.ConditionalUnet;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>
/// Which layer of a model the name of a module in a file means. kohya's names have underscores both in names and
/// between them, so that they are made from the model's and compared, never taken apart.
/// </summary>
internal sealed class ModuleNames
{
    private const string PeftPrefix = "base_model.model.";

    private static readonly Dictionary<string, string[]> KohyaPrefixes = new(StringComparer.Ordinal)
    {
        [LoraComponent.Unet] = ["lora_unet_"],
        [LoraComponent.TextEncoder] = ["lora_te_", "lora_te1_"],
        [LoraComponent.TextEncoder2] = ["lora_te2_"],
    };

    // As tools that keep the original names call the U-Net.
    private static readonly string[] OriginalPrefixes = ["diffusion_model.", UnetNames.Prefix];

    private static readonly (string Old, string New)[] TextProjections =
    [
        (".self_attn.to_q", ".self_attn.q_proj"),
        (".self_attn.to_k", ".self_attn.k_proj"),
        (".self_attn.to_v", ".self_attn.v_proj"),
        (".self_attn.to_out", ".self_attn.out_proj"),
    ];

    private readonly LoraBase _base;
    private readonly HashSet<string> _beginnings;
    private readonly Dictionary<string, LoraPlace> _whole = new(StringComparer.Ordinal);

    internal ModuleNames(LoraBase model)
    {
        _base = model;
        var names = model.Components.SelectMany(component => model.Layers(component).Names);
        _beginnings =
        [
            PeftPrefix,
            .. OriginalPrefixes,
            .. KohyaPrefixes.Values.SelectMany(prefixes => prefixes),
            .. KohyaPrefixes.Keys.Select(component => $"{component}."),
            .. names.Select(name => $"{name.Split('.')[0]}."),
        ];
        foreach (var component in model.Components)
        {
            var layers = model.Layers(component);
            var originals = component.Network is UNet2DConditionModel unet ? UnetNames.Of(unet.Config) : null;
            foreach (var module in layers.Names)
            {
                var place = new LoraPlace(component.Name, module, layers.Find(module)!);
                Add(place, module);
                if (originals?.WithoutPrefix(module) is not { } original)
                    continue;
                Add(place, original);
                foreach (var prefix in OriginalPrefixes)
                    _whole.TryAdd(prefix + original, place);
            }
        }
    }

    /// <summary>
    /// Where a module can belong: one place, several if the name does not say in which network, none if the model has
    /// no such layer.
    /// </summary>
    internal IReadOnlyList<LoraPlace> Find(string key)
    {
        if (_whole.TryGetValue(key, out var place))
            return [place];
        var name = Unwrapped(key);
        return Stated(name) is { } component
            ? [.. Places(component, name[(component.Name.Length + 1)..])]
            : [.. _base.Components.SelectMany(candidate => Places(candidate, name))];
    }

    /// <summary>Whether a module's name says in which network of the model it is.</summary>
    internal bool StatesComponent(string key) => _whole.ContainsKey(key) || Stated(Unwrapped(key)) is not null;

    /// <summary>Whether a tensor's name begins as those that concern a known network do.</summary>
    internal bool IsOfNetwork(string tensor) =>
        _beginnings.Any(beginning => tensor.StartsWith(beginning, StringComparison.Ordinal));

    private static string Unwrapped(string key) =>
        key.StartsWith(PeftPrefix, StringComparison.Ordinal) ? key[PeftPrefix.Length..] : key;

    private LoraComponent? Stated(string name) =>
        _base.Components.FirstOrDefault(component => name.StartsWith($"{component.Name}.", StringComparison.Ordinal));

    private IEnumerable<LoraPlace> Places(LoraComponent component, string name)
    {
        var module = component.Name == LoraComponent.Unet ? UnetModule(name) : TextModule(name);
        if (_base.Layers(component).Find(module) is { } layer)
            yield return new(component.Name, module, layer);
    }

    private void Add(LoraPlace place, string module)
    {
        foreach (var prefix in KohyaPrefixes[place.Component])
            _whole.TryAdd(prefix + module.Replace('.', '_'), place);
    }

    // diffusers once named the LoRA after the attention's processor, where the output projection has no number.
    private static string UnetModule(string name)
    {
        var module = name.Replace(".processor.", ".", StringComparison.Ordinal);
        return module.EndsWith(".to_out", StringComparison.Ordinal) ? $"{module}.0" : module;
    }

    // It once named the projections of text encoders as those of U-Nets.
    private static string TextModule(string name) =>
        TextProjections.FirstOrDefault(names => name.EndsWith(names.Old, StringComparison.Ordinal))
            is { Old: { } old } names
            ? name[..^old.Length] + names.New
            : name;
}
