using DasAudit.Architecture.Tests.Arrows;

namespace DasAudit.Architecture.Tests.Rooms;

/// <summary>For who moves things: all arrows between namespaces, those against the order first.</summary>
internal static class ArrowListing
{
    internal static IEnumerable<string> Lines(IReadOnlyList<Arrow> arrows)
    {
        var between = arrows.Where(arrow => arrow.From.Namespace != arrow.To.Namespace).ToList();
        var circles = RoomRules.NamespaceCircles(arrows).Select(circle => circle.Line + circle.Note);
        return Section("Circles", circles)
            .Concat(Section("Against the order", Groups(between.Where(RoomRules.IsForbidden))))
            .Concat(Section("In order", Groups(between.Where(arrow => !RoomRules.IsForbidden(arrow)))));
    }

    private static IEnumerable<string> Section(string heading, IEnumerable<string> lines) =>
        [$"== {heading}", "", .. lines, ""];

    private static IEnumerable<string> Groups(IEnumerable<Arrow> arrows) =>
        arrows
            .GroupBy(arrow => $"{NamespaceOf(arrow.From)} -> {NamespaceOf(arrow.To)}")
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .SelectMany(group => group.Select(Pair).Prepend($"{group.Key}   ({group.Count()})"));

    private static string Pair(Arrow arrow) => $"    {arrow.From.Name} -> {arrow.To.Name}   in {arrow.Member}";

    private static string NamespaceOf(CompiledType type) => type.Namespace.Length == 0 ? "global" : type.Namespace;
}
