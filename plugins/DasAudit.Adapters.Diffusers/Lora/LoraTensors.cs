using System.Text.RegularExpressions;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>The names of the tensors that a file holds for one module.</summary>
internal sealed partial class LoraTensors
{
    private const string AlphaPart = "alpha";

    // By kohya's names of the parts.
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    private LoraTensors(string key) => Key = key;

    /// <summary>What the file calls the module.</summary>
    internal string Key { get; }

    internal string? Down => _names.GetValueOrDefault("down");

    internal string? Middle => _names.GetValueOrDefault("mid");

    internal string? Up => _names.GetValueOrDefault("up");

    internal string? Alpha => _names.GetValueOrDefault(AlphaPart);

    /// <summary>Whether both A and B are there.</summary>
    internal bool IsComplete => Down is not null && Up is not null;

    /// <summary>All of them.</summary>
    internal IEnumerable<string> All => _names.Values;

    /// <summary>Those of layers.</summary>
    internal IEnumerable<string> Weights => _names.Where(part => part.Key != AlphaPart).Select(part => part.Value);

    /// <summary>The modules in ordinal order, and the tensors whose names are none of a LoRA.</summary>
    internal static (IReadOnlyList<LoraTensors> Modules, IReadOnlyList<string> ForeignNames) Of(
        string path,
        IEnumerable<string> names
    )
    {
        var modules = new SortedDictionary<string, LoraTensors>(StringComparer.Ordinal);
        var foreignNames = new List<string>();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            if (Pattern().Match(name) is not { Success: true } match)
            {
                foreignNames.Add(name);
                continue;
            }
            var key = match.Groups["module"].Value;
            if (!modules.TryGetValue(key, out var module))
                modules[key] = module = new(key);
            if (!module._names.TryAdd(Part(match.Groups["part"].Value), name))
                throw new AuditException(
                    $"'{path}' holds several tensors for one part of the module '{key}', '{name}' among them; give a "
                        + "file with one LoRA."
                );
        }
        return ([.. modules.Values], foreignNames);
    }

    private static string Part(string name) =>
        name switch
        {
            "A" => "down",
            "B" => "up",
            _ => name,
        };

    // kohya's and PEFT's (which may put the LoRA's name before "weight"); diffusers'; all have alphas alike.
    [GeneratedRegex(
        @"^(?<module>.+?)(?:\.lora_(?<part>down|up|mid|A|B)(?:\.[^.]+)?\.weight"
            + @"|(?:\.lora|_lora|\.lora_linear_layer)\.(?<part>down|up)\.weight|\.(?<part>alpha))$"
    )]
    private static partial Regex Pattern();
}
