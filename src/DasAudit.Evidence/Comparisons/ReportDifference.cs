using System.Text.Json.Nodes;

namespace DasAudit.Evidence.Comparisons;

/// <summary>A member of the reports' JSON documents that differs.</summary>
/// <param name="Name">The member, as <c>method.projection</c>.</param>
/// <param name="A">Its value in the first report; null where it is null or absent.</param>
/// <param name="B">Its value in the second report.</param>
internal sealed record ReportDifference(string Name, JsonNode? A, JsonNode? B);

/// <summary>What a member of a report is.</summary>
internal enum DifferenceKind
{
    Input,
    Setting,
    Circumstance,
}
