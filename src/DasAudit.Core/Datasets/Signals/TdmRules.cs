using System.Text.Json;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Core.Datasets.Signals;

/// <summary>Reads <c>tdmrep.json</c> of the TDM Reservation Protocol (W3C Community Group, 2024).</summary>
internal static class TdmRules
{
    /// <param name="name">The file's path within the dataset.</param>
    /// <returns>In the order of the file: the first that fits a path counts.</returns>
    /// <exception cref="AuditException">It is no JSON.</exception>
    public static IReadOnlyList<PathRule> Read(string name, string text)
    {
        try
        {
            using var document = JsonDocuments.Parse(text);
            var root = document.RootElement;
            IEnumerable<JsonElement> entries = root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : [root];
            return [.. entries.Select((entry, i) => Rule(entry, $"{name}, entry {i + 1}")).OfType<PathRule>()];
        }
        catch (JsonException e)
        {
            throw new AuditException("It is no JSON, so what it reserves was not read.", e);
        }
    }

    private static PathRule? Rule(JsonElement entry, string place)
    {
        if (entry.ValueKind != JsonValueKind.Object || Text(entry, "tdm-reservation") is not { } reservation)
            return null;
        var (stance, says) = reservation switch
        {
            "1" => (SignalStance.OptOut, "the rights of text and data mining are reserved"),
            "0" => (SignalStance.Allowed, "the rights of text and data mining are not reserved"),
            _ => (SignalStance.Silent, $"'{reservation}' is no value of the protocol"),
        };
        if (Text(entry, "tdm-policy") is { } policy)
            says += $"; {policy} says how they may be had, which was not read";
        var location = Text(entry, "location") ?? "";
        return new(
            location == "/" ? "" : location,
            "tdmrep",
            new()
            {
                Kind = "tdm-reservation",
                Stance = stance,
                Value = reservation,
                Says = says,
                Place = place,
            }
        );
    }

    private static string? Text(JsonElement entry, string name) =>
        !entry.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind == JsonValueKind.Number ? value.GetRawText()
        : null;
}
