using System.Globalization;
using System.Text.RegularExpressions;

namespace DasAudit.Core.Conformance;

/// <summary>The LoRAs of a model, and which tensors of a reference run are made with them.</summary>
internal sealed partial class AppliedLoras
{
    private readonly IReadOnlyList<LoraFile> _loras;
    private readonly bool _hasNamed;

    /// <param name="names">All names of the run.</param>
    public AppliedLoras(IReadOnlyList<LoraFile> loras, IReadOnlyCollection<string> names)
    {
        _loras = loras;
        Names = [.. loras.Select(lora => NotOfNames().Replace(Path.GetFileNameWithoutExtension(lora.Path), "_"))];
        _hasNamed = names.Any(IsNamed);
    }

    /// <summary>What their files are called, as names of tensors write it.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Why a tensor is not this model's; null if it is.</summary>
    public string? Obstacle(string name, GoldenVariant variant)
    {
        if (!variant.WithLora)
            return _loras.Count == 0 ? null : "made without the LoRA that is loaded";
        if (_loras.Count == 0)
            return "made with a LoRA, and none is loaded";
        if (_hasNamed && !IsNamed(name))
            return "made with another LoRA than the one that is loaded";
        return _loras.All(lora => lora.Weight == variant.Weight)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"made with the LoRA's weight {variant.Weight}");
    }

    private bool IsNamed(string name) => Names.Any(file => name == $"unet/output_{file}");

    [GeneratedRegex("[^0-9A-Za-z]+")]
    private static partial Regex NotOfNames();
}
