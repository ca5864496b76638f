namespace DasAudit.Architecture.Tests.Arrows;

/// <summary>Strongly connected components: names that reach each other along arrows.</summary>
internal static class Circles
{
    /// <summary>The circles of more than one name, their names in order.</summary>
    internal static IReadOnlyList<IReadOnlyList<string>> Find(IEnumerable<(string From, string To)> arrows)
    {
        var targets = arrows.ToLookup(arrow => arrow.From, arrow => arrow.To);
        var names = targets.Select(group => group.Key).Order(StringComparer.Ordinal).ToList();
        var reached = names.ToDictionary(name => name, name => Reach(name, targets));
        return
        [
            .. names
                .Select(name => names.Where(other => AreMutual(name, other, reached)).ToList())
                .Where(circle => circle.Count > 1)
                .DistinctBy(circle => circle[0]),
        ];
    }

    private static bool AreMutual(string name, string other, Dictionary<string, HashSet<string>> reached) =>
        reached[name].Contains(other) && reached[other].Contains(name);

    private static HashSet<string> Reach(string start, ILookup<string, string> targets)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([start]);
        while (open.TryPop(out var name))
        {
            foreach (var target in targets[name].Where(target => !reached.Contains(target)))
            {
                reached.Add(target);
                open.Push(target);
            }
        }

        return reached;
    }
}
