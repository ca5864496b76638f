namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>What PEFT calls the parts of a LoRA inside the layer that it changes.</summary>
internal static class LoraNames
{
    /// <summary>A, to the low rank.</summary>
    internal const string Down = "lora_A";

    /// <summary>LyCORIS's convolution between A and B.</summary>
    internal const string Middle = "lora_mid";

    /// <summary>B, from the low rank.</summary>
    internal const string Up = "lora_B";

    /// <summary>The name of one of several LoRAs: default, default_1, default_2 …</summary>
    internal static string Adapter(int index) => index == 0 ? "default" : $"default_{index}";

    /// <summary>Whether a parameter of a network is part of one of some LoRAs.</summary>
    /// <param name="parameter">As <c>named_parameters()</c> gives it.</param>
    /// <param name="adapters">Names as <see cref="Adapter"/> gives them.</param>
    internal static bool IsOf(string parameter, IReadOnlySet<string> adapters)
    {
        var parts = parameter.Split('.');
        var part = Array.FindIndex(parts, part => part is Down or Middle or Up);
        return part >= 0 && adapters.Contains(parts[part + 1]);
    }

    /// <summary>Whether a parameter or module of a network is part of a LoRA.</summary>
    /// <param name="name">As <c>named_parameters()</c> or <c>named_modules()</c> gives it.</param>
    internal static bool IsLora(string name) => name.Split('.').Any(part => part is Down or Middle or Up);
}
