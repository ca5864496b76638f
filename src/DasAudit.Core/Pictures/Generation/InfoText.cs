using System.Text.RegularExpressions;

namespace DasAudit.Core.Pictures.Generation;

/// <summary>
/// The text of AUTOMATIC1111's web UI and its relatives: lines of the prompt, lines from <c>Negative prompt:</c> on,
/// and a last line <c>Steps: 20, Sampler: Euler a, …</c>.
/// </summary>
internal static partial class InfoText
{
    private const string Negative = "Negative prompt:";
    private const int LeastParameters = 3;

    // Programs write some hundred letters; finding none takes time by the square of the length.
    private const int LongestParameters = 1 << 14;

    /// <summary>Reads one; null for another text.</summary>
    /// <param name="source">See <see cref="GenerationFacts.Source"/>.</param>
    public static GenerationFacts? Read(string text, string source)
    {
        var lines = text.Trim().ReplaceLineEndings("\n").Split('\n').ToList();
        var parameters = lines[^1].Length <= LongestParameters ? ParametersOf(lines[^1]) : [];
        if (parameters.Count >= LeastParameters)
            lines.RemoveAt(lines.Count - 1);
        else
            parameters.Clear();
        var negative = lines.FindIndex(line => line.StartsWith(Negative, StringComparison.Ordinal));
        if (negative < 0 && !parameters.ContainsKey("Steps"))
            return null;
        var prompt = Join(negative < 0 ? lines : lines.Take(negative));
        return new()
        {
            Source = source,
            Prompt = prompt,
            Marks = PromptMarks.WebUi,
            NegativePrompt = negative < 0 ? null : Join(lines.Skip(negative))[Negative.Length..].Trim(),
            Seed = GenerationNumbers.Seed(parameters.GetValueOrDefault("Seed")),
            Steps = GenerationNumbers.Steps(parameters.GetValueOrDefault("Steps")),
            Sampler = Sampler(parameters),
            Guidance = GenerationNumbers.Number(
                parameters.GetValueOrDefault("CFG scale") ?? parameters.GetValueOrDefault("Guidance Scale")
            ),
            Size = GenerationNumbers.Size(parameters.GetValueOrDefault("Size")),
            Model = parameters.GetValueOrDefault("Model"),
            ModelHash = parameters.GetValueOrDefault("Model hash")?.ToLowerInvariant(),
            Loras = LorasOf(prompt, parameters),
        };
    }

    // The web UI's prompts name the LoRAs whose hashes it writes, with their weights.
    private static List<MentionedLora> LorasOf(string prompt, Dictionary<string, string> parameters)
    {
        var named = PromptText.LorasOf(prompt).ToList();
        return named.Count > 0 ? named : [.. InfoLoras.Of(parameters)];
    }

    private static string Join(IEnumerable<string> lines) =>
        string.Join('\n', lines.Select(line => line.Trim())).Trim();

    private static string? Sampler(Dictionary<string, string> parameters)
    {
        var sampler = parameters.GetValueOrDefault("Sampler");
        return parameters.GetValueOrDefault("Schedule type") is { } schedule and not "Automatic"
            ? $"{sampler} {schedule}".Trim()
            : sampler;
    }

    private static Dictionary<string, string> ParametersOf(string line)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match match in Parameter.Matches(line))
            parameters.TryAdd(match.Groups[1].Value, match.Groups[2].Value.Trim().Trim('"'));
        return parameters;
    }

    [GeneratedRegex("""\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)""", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter { get; }
}
