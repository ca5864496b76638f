using System.Text.Json;
using System.Text.Json.Nodes;
using DasAudit.Core.Files;

namespace DasAudit.Evidence.Comparisons;

/// <summary>Finds what differs of all that two reports say went in, whatever members a later version adds.</summary>
internal static class ReportDifferences
{
    private const string Separator = ".";

    // The parts of a report that say what went in; the others say what came out.
    private static readonly string[] Parts =
    [
        "tool",
        "auditor",
        "query",
        "model",
        "dataset",
        "encoder",
        "method",
        "candidates",
        "groupedBy",
        "environment",
    ];

    // λ is computed from the damping rule and the candidates; the model's files are in the hash of its weights.
    private static readonly HashSet<string> Circumstances = new(StringComparer.Ordinal)
    {
        "auditor",
        "query.path",
        "query.promptSource",
        "model.path",
        "model.adapterVersion",
        "model.files",
        "model.scheduleSource",
        "model.with.config",
        "dataset.path",
        "encoder.name",
        "encoder.device",
        "encoder.preprocessingSource",
        "method.dampingValues",
    };

    private static readonly string[] CircumstanceBeginnings = ["tool.", "environment.", "dataset.hashes."];

    /// <summary>The differences of each kind; a kind without any is left out.</summary>
    internal static Dictionary<DifferenceKind, IReadOnlyList<ReportDifference>> Of(AuditReport a, AuditReport b)
    {
        var (first, second) = (Members(a), Members(b));
        return first
            .Keys.Union(second.Keys)
            .Select(name => new ReportDifference(name, first.GetValueOrDefault(name), second.GetValueOrDefault(name)))
            .Where(difference => !JsonNode.DeepEquals(difference.A, difference.B))
            .GroupBy(difference => KindOf(difference.Name))
            .ToDictionary(kind => kind.Key, IReadOnlyList<ReportDifference> (kind) => [.. kind]);
    }

    private static DifferenceKind KindOf(string name) =>
        name.EndsWith("sha256", StringComparison.OrdinalIgnoreCase) || name is "dataset.root" or "model.with.loras"
            ? DifferenceKind.Input
        : Circumstances.Contains(name) || CircumstanceBeginnings.Any(b => name.StartsWith(b, StringComparison.Ordinal))
            ? DifferenceKind.Circumstance
        : DifferenceKind.Setting;

    private static Dictionary<string, JsonNode?> Members(AuditReport report)
    {
        var members = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        var document = JsonSerializer.SerializeToNode(report, JsonDocuments.Options)!.AsObject();
        foreach (var part in Parts)
            Add(members, part, document[part]);
        return members;
    }

    private static void Add(Dictionary<string, JsonNode?> members, string name, JsonNode? value)
    {
        if (value is JsonObject parts)
            foreach (var (member, part) in parts)
                Add(members, name + Separator + member, part);
        else
            members[name] = value?.DeepClone();
    }
}
