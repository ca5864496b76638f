namespace DasAudit.Evidence.Comparisons;

/// <summary>A group in two reports.</summary>
/// <param name="Key">The group.</param>
/// <param name="A">Its share in the first report; null where it has none.</param>
/// <param name="B">Its share in the second report.</param>
internal sealed record ComparedGroup(string Key, GroupShare? A, GroupShare? B)
{
    /// <summary>Whether the two intervals have nothing in common; null where one of them is missing.</summary>
    internal bool? IsApart =>
        (A, B) is ({ Low: { } lowA, High: { } highA }, { Low: { } lowB, High: { } highB })
            ? highA < lowB || highB < lowA
            : null;

    /// <summary>All groups of both, as the first orders them, then as the second does.</summary>
    internal static IReadOnlyList<ComparedGroup> Of(IReadOnlyList<GroupShare> a, IReadOnlyList<GroupShare> b)
    {
        var first = Occurrences.Of(a, group => group.Key);
        var second = Occurrences.Of(b, group => group.Key);
        return
        [
            .. first
                .Keys.Union(second.Keys)
                .Select(key => new ComparedGroup(key.Key, first.GetValueOrDefault(key), second.GetValueOrDefault(key))),
        ];
    }
}
