using System.Globalization;
using System.Text.RegularExpressions;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>
/// The names that the original code of Stable Diffusion (LDM, SGM) has for the modules of a U-Net. It numbers the
/// blocks of the way down, and those of the way up, from end to end, whatever their level.
/// </summary>
internal sealed partial class OriginalNames
{
    private static readonly Dictionary<string, string> Outside = new(StringComparer.Ordinal)
    {
        ["conv_in"] = "input_blocks.0.0",
        ["time_embedding.linear_1"] = "time_embed.0",
        ["time_embedding.linear_2"] = "time_embed.2",
        ["add_embedding.linear_1"] = "label_emb.0.0",
        ["add_embedding.linear_2"] = "label_emb.0.2",
        ["conv_norm_out"] = "out.0",
        ["conv_out"] = "out.2",
    };

    private static readonly Dictionary<string, string> InResnets = new(StringComparer.Ordinal)
    {
        ["norm1"] = "in_layers.0",
        ["conv1"] = "in_layers.2",
        ["time_emb_proj"] = "emb_layers.1",
        ["norm2"] = "out_layers.0",
        ["conv2"] = "out_layers.3",
        ["conv_shortcut"] = "skip_connection",
    };

    private readonly int[] _downResnets;
    private readonly int[] _upResnets;
    private readonly HashSet<int> _upWithAttention;

    /// <param name="modules">Names of the modules of a U-Net, as diffusers has them.</param>
    internal OriginalNames(IEnumerable<string> modules)
    {
        var blocks = modules.Select(module => Block().Match(module)).Where(match => match.Success).ToList();
        _downResnets = Resnets(blocks, "down");
        _upResnets = Resnets(blocks, "up");
        _upWithAttention =
        [
            .. blocks
                .Where(match => match.Groups["way"].Value == "up" && match.Groups["part"].Value == "attentions")
                .Select(match => Number(match, "block")),
        ];
    }

    /// <summary>The original name of a module; null if the original code has none.</summary>
    internal string? Of(string module)
    {
        if (Outside.TryGetValue(module, out var name))
            return name;
        if (Block().Match(module) is { Success: true } match)
            return OfBlock(match);
        if (Middle().Match(module) is not { Success: true } middle)
            return null;
        var rest = middle.Groups["rest"].Value;
        if (middle.Groups["part"].Value == "attentions")
            return $"middle_block.1.{rest}";
        return InResnets.TryGetValue(rest, out var layer)
            ? $"middle_block.{2 * Number(middle, "index")}.{layer}"
            : null;
    }

    private string? OfBlock(Match match)
    {
        var (block, index, rest) = (Number(match, "block"), Number(match, "index"), match.Groups["rest"].Value);
        var isDown = match.Groups["way"].Value == "down";
        // A block of its own enlarges or reduces on the way down; on the way up it is the last one's last part.
        var first = isDown ? 1 + _downResnets.Take(block).Sum() + block : _upResnets.Take(block).Sum();
        var blocks = isDown ? "input_blocks" : "output_blocks";
        return match.Groups["part"].Value switch
        {
            "resnets" => InResnets.TryGetValue(rest, out var layer) ? $"{blocks}.{first + index}.0.{layer}" : null,
            "attentions" => $"{blocks}.{first + index}.1.{rest}",
            "downsamplers" => $"{blocks}.{first + _downResnets[block]}.0.op",
            _ => $"{blocks}.{first + _upResnets[block] - 1}.{(_upWithAttention.Contains(block) ? 2 : 1)}.{rest}",
        };
    }

    private static int[] Resnets(IReadOnlyList<Match> blocks, string way)
    {
        var resnets = blocks
            .Where(match => match.Groups["way"].Value == way && match.Groups["part"].Value == "resnets")
            .ToLookup(match => Number(match, "block"), match => Number(match, "index"));
        return [.. Enumerable.Range(0, resnets.Count).Select(block => resnets[block].Distinct().Count())];
    }

    private static int Number(Match match, string group) =>
        int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^(?<way>down|up)_blocks\.(?<block>\d+)\.(?<part>resnets|attentions|downsamplers|upsamplers)\."
            + @"(?<index>\d+)\.(?<rest>.+)$"
    )]
    private static partial Regex Block();

    [GeneratedRegex(@"^mid_block\.(?<part>resnets|attentions)\.(?<index>\d+)\.(?<rest>.+)$")]
    private static partial Regex Middle();
}
