using System.Text.RegularExpressions;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>The names of the tensors that a file holds for one module.</summary>
/// <param name="Key">What the file calls the module.</param>
internal sealed partial record LoraTensors(string Key)
{
    internal string? Down { get; private set; }
    internal string? Middle { get; private set; }
    internal string? Up { get; private set; }
    internal string? Alpha { get; private set; }

    /// <summary>Whether both A and B are there.</summary>
    internal bool IsComplete => Down is not null && Up is not null;

    /// <summary>The names of those that there are, but for alpha.</summary>
    internal IEnumerable<string> Weights => new[] { Down, Middle, Up }.OfType<string>();

    /// <summary>The name of one of them.</summary>
    internal string Some => Weights.FirstOrDefault() ?? Alpha!;

    /// <summary>The modules in ordinal order, and the tensors whose names are none of a LoRA.</summary>
    internal static (IReadOnlyList<LoraTensors> Modules, IReadOnlyList<string> Others) Of(
        string path,
        IEnumerable<string> names
    )
    {
        var modules = new SortedDictionary<string, LoraTensors>(StringComparer.Ordinal);
        var others = new List<string>();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            if (Pattern().Match(name) is not { Success: true } match)
            {
                others.Add(name);
                continue;
            }
            var key = match.Groups["module"].Value;
            if (!modules.TryGetValue(key, out var module))
                modules[key] = module = new(key);
            if (!module.TrySet(match.Groups["part"].Value, name))
                throw new AuditException(
                    $"'{path}' holds several tensors for one part of the module '{key}', '{name}' among them; give a "
                        + "file with one LoRA."
                );
        }
        return ([.. modules.Values], others);
    }

    private bool TrySet(string part, string name)
    {
        var isNew = part switch
        {
            "down" or "A" => Down is null,
            "up" or "B" => Up is null,
            "mid" => Middle is null,
            _ => Alpha is null,
        };
        if (part is "down" or "A")
            Down = name;
        else if (part is "up" or "B")
            Up = name;
        else if (part == "mid")
            Middle = name;
        else
            Alpha = name;
        return isNew;
    }

    // kohya's and PEFT's (which may put the LoRA's name before "weight"); diffusers'; all have alphas alike.
    [GeneratedRegex(
        @"^(?<module>.+?)(?:\.lora_(?<part>down|up|mid|A|B)(?:\.[^.]+)?\.weight"
            + @"|(?:\.lora|_lora|\.lora_linear_layer)\.(?<part>down|up)\.weight|\.(?<part>alpha))$"
    )]
    private static partial Regex Pattern();
}
