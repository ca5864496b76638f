using System.Text.Json;

namespace DasAudit.Core.Pictures.Generation;

/// <summary>The LoRAs in an object with the keys of common programs.</summary>
internal static class GenerationLoras
{
    private const string Combined = "loracombined";

    private static readonly string[] Names = ["name", "model_name", "model", "lora", "file"];
    private static readonly string[] Weights = ["weight", "strength", "model_weight"];

    /// <param name="members">By <see cref="GenerationJson.Normal"/>.</param>
    public static IEnumerable<MentionedLora> Of(IReadOnlyDictionary<string, JsonElement> members)
    {
        foreach (var key in (string[])["loras", "lora"])
            if (members.TryGetValue(key, out var list) && list.ValueKind == JsonValueKind.Array)
                foreach (var lora in OfList(list, WeightsOf(members)))
                    yield return lora;
        // Fooocus: "NAME : WEIGHT".
        foreach (var (key, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
            if (key.StartsWith(Combined, StringComparison.Ordinal) && value.ValueKind == JsonValueKind.String)
                yield return OfPair(value.GetString()!);
    }

    private static IEnumerable<MentionedLora> OfList(JsonElement list, IReadOnlyList<JsonElement> weights)
    {
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            var lora = item.ValueKind switch
            {
                JsonValueKind.String => new(item.GetString()!, index < weights.Count ? Number(weights[index]) : null),
                JsonValueKind.Object => OfObject(item),
                JsonValueKind.Array => OfArray([.. item.EnumerateArray()]),
                _ => null,
            };
            if (lora is not null)
                yield return lora;
        }
    }

    private static MentionedLora? OfObject(JsonElement item)
    {
        var weight = Member(item, Weights) is { } number ? Number(number) : null;
        return Member(item, Names) is { } named && GenerationJson.TextOf(named) is { } name ? new(name, weight) : null;
    }

    private static MentionedLora? OfArray(IReadOnlyList<JsonElement> item) =>
        item is [{ ValueKind: JsonValueKind.String } name, ..]
            ? new(name.GetString()!, item.Count > 1 ? Number(item[1]) : null)
            : null;

    private static MentionedLora OfPair(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon < 0
            ? new(text.Trim(), null)
            : new(text[..colon].Trim(), GenerationNumbers.Number(text[(colon + 1)..].Trim()));
    }

    private static IReadOnlyList<JsonElement> WeightsOf(IReadOnlyDictionary<string, JsonElement> members) =>
        members.TryGetValue("loraweights", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray()]
            : [];

    private static JsonElement? Member(JsonElement item, IEnumerable<string> keys)
    {
        foreach (var key in keys)
            if (item.TryGetProperty(key, out var value))
                return value;
        return null;
    }

    private static double? Number(JsonElement value) => GenerationNumbers.Number(GenerationJson.TextOf(value));
}
