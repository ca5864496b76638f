using System.Text.RegularExpressions;

namespace DasAudit.Core.Conformance;

/// <summary>A parameter of a LoRA, whatever the style of its name.</summary>
/// <param name="Module">The module that it changes, as the network calls it.</param>
/// <param name="Part">A, B or mid.</param>
internal sealed partial record LoraParameterName(string Module, string Part)
{
    /// <summary>
    /// Reads <c>M.lora_A.weight</c> with or without an adapter's name (PEFT), <c>M.lora_down.weight</c> (kohya),
    /// <c>M.lora.down.weight</c> or <c>….processor.to_q_lora.down.weight</c> (diffusers); null for another name.
    /// </summary>
    public static LoraParameterName? Of(string name)
    {
        if (Processor().Match(name) is { Success: true } processor)
            return new(
                $"{processor.Groups["block"].Value}.{Layer(processor.Groups["layer"].Value)}",
                Letter(processor.Groups["part"].Value)
            );
        return Usual().Match(name) is { Success: true } usual
            ? new(usual.Groups["module"].Value, Letter(usual.Groups["part"].Value))
            : null;
    }

    /// <summary>Whether another name means the same, one of them perhaps with the network's name before.</summary>
    public bool IsSame(LoraParameterName other) =>
        Part == other.Part
        && (
            Module == other.Module
            || Module.EndsWith($".{other.Module}", StringComparison.Ordinal)
            || other.Module.EndsWith($".{Module}", StringComparison.Ordinal)
        );

    private static string Layer(string name) => name == "to_out" ? "to_out.0" : name;

    private static string Letter(string part) =>
        part switch
        {
            "A" or "down" => "A",
            "B" or "up" => "B",
            _ => part,
        };

    [GeneratedRegex(@"^(?<block>.+)\.processor\.(?<layer>[a-z_]+)_lora\.(?<part>down|up)\.weight\z")]
    private static partial Regex Processor();

    [GeneratedRegex(@"^(?<module>.+)\.lora(_|\.)(?<part>A|B|down|up|mid)(\.[^.]+)?\.weight\z")]
    private static partial Regex Usual();
}
