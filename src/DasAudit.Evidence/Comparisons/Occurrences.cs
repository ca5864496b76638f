namespace DasAudit.Evidence.Comparisons;

/// <summary>
/// Items by a key and by how many of the same key come before. Reports name things once; one that somebody wrote may
/// not.
/// </summary>
internal static class Occurrences
{
    internal static Dictionary<(TKey Key, int Before), T> Of<T, TKey>(IEnumerable<T> items, Func<T, TKey> key)
        where TKey : notnull =>
        items
            .GroupBy(key)
            .SelectMany(same => same.Select((item, before) => (Key: (same.Key, before), Item: item)))
            .ToDictionary(pair => pair.Key, pair => pair.Item);
}
