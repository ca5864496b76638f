using System.Globalization;
using System.Text.RegularExpressions;

namespace DasAudit.Core.Pictures.Generation;

/// <summary>
/// The LoRAs in the last line of an <see cref="InfoText"/>: <c>Lora hashes: "NAME: HASH, …"</c>, as AUTOMATIC1111's
/// web UI writes them, and <c>Lora weights: "NAME: WEIGHT, …"</c>, which the web UI writes into the prompt instead.
/// </summary>
internal static partial class InfoLoras
{
    private const string Hashes = "Lora hashes";
    private const string Weights = "Lora weights";

    // As many as the web UI writes.
    private const int Digits = 12;

    /// <summary>What is written of LoRAs behind other parameters; empty for none.</summary>
    /// <param name="loras">Each with weight and hash.</param>
    public static string Write(IReadOnlyList<MentionedLora> loras)
    {
        if (loras.Count == 0)
            return "";
        var hashes = loras.Select(lora => $"{lora.Name}: {lora.Hash![..Digits]}");
        var weights = loras.Select(lora =>
            string.Create(CultureInfo.InvariantCulture, $"{lora.Name}: {lora.Weight:R}")
        );
        return $", {Hashes}: {Quoted(hashes)}, {Weights}: {Quoted(weights)}";
    }

    /// <summary>The LoRAs that the parameters state.</summary>
    public static IEnumerable<MentionedLora> Of(IReadOnlyDictionary<string, string> parameters)
    {
        var weights = Pairs(parameters, Weights);
        foreach (var (index, (name, hash)) in Pairs(parameters, Hashes).Index())
        {
            var isWeighted = index < weights.Count && weights[index].Name == name;
            yield return new(name, isWeighted ? GenerationNumbers.Number(weights[index].Value) : null)
            {
                Hash = hash.ToLowerInvariant(),
            };
        }
    }

    private static string Quoted(IEnumerable<string> pairs) =>
        $"\"{string.Join(", ", pairs).Replace(@"\", @"\\").Replace("\"", "\\\"")}\"";

    private static List<(string Name, string Value)> Pairs(IReadOnlyDictionary<string, string> parameters, string key)
    {
        var text = Escape.Replace(parameters.GetValueOrDefault(key) ?? "", "$1");
        return [.. Pair.Matches(text).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];
    }

    [GeneratedRegex(@"\\(.)", RegexOptions.CultureInvariant)]
    private static partial Regex Escape { get; }

    [GeneratedRegex(@"\G(.+?): ([0-9A-Fa-f.+-]+)(?:, |$)", RegexOptions.CultureInvariant)]
    private static partial Regex Pair { get; }
}
