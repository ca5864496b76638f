using DasAudit.Architecture.Tests.Arrows;

namespace DasAudit.Architecture.Tests.Rooms;

/// <summary>What the order of assemblies and rooms forbids.</summary>
internal static class RoomRules
{
    private static readonly Dictionary<string, HouseAssembly> ByName = House.Assemblies.ToDictionary(assembly =>
        assembly.Name
    );

    /// <summary>Arrows to an assembly that is not known, or to a room further down.</summary>
    internal static IEnumerable<Violation> ForbiddenArrows(IEnumerable<Arrow> arrows) =>
        arrows.Where(IsForbidden).Select(arrow => new Violation(arrow.Line, $"in {arrow.Member}"));

    internal static bool IsForbidden(Arrow arrow)
    {
        var from = ByName[arrow.From.Assembly];
        if (arrow.StaysInAssembly)
        {
            return from.RoomOf(arrow.To.Namespace) > from.RoomOf(arrow.From.Namespace);
        }

        return !from.Known.Contains(ByName[arrow.To.Assembly].Root);
    }

    /// <summary>Namespaces of one assembly that reach each other, whatever their rooms.</summary>
    internal static IEnumerable<Violation> NamespaceCircles(IEnumerable<Arrow> arrows) =>
        arrows.Where(arrow => arrow.StaysInAssembly).GroupBy(arrow => arrow.From.Assembly).SelectMany(CirclesOf);

    private static IEnumerable<Violation> CirclesOf(IEnumerable<Arrow> arrows)
    {
        var between = arrows.Where(arrow => arrow.From.Namespace != arrow.To.Namespace).ToList();
        var circles = Circles.Find(between.Select(arrow => (arrow.From.Namespace, arrow.To.Namespace)));
        return circles.Select(circle => new Violation(CircleLine(circle), Examples(circle, between)));
    }

    private static string CircleLine(IReadOnlyList<string> circle) => $"circle: {string.Join(", ", circle)}";

    /// <summary>One arrow for each two namespaces of the circle that have any.</summary>
    private static string Examples(IReadOnlyList<string> circle, IEnumerable<Arrow> arrows)
    {
        var inside = arrows
            .Where(arrow => circle.Contains(arrow.From.Namespace) && circle.Contains(arrow.To.Namespace))
            .GroupBy(arrow => (From: arrow.From.Namespace, To: arrow.To.Namespace))
            .Select(group => $"{group.Key.From} -> {group.Key.To} ({Short(group.First())}; {group.Count()} in all)");
        return string.Concat(inside.Select(line => $"\n      {line}"));
    }

    private static string Short(Arrow arrow) => $"{arrow.From.Name} -> {arrow.To.Name} in {arrow.Member}";
}
