namespace DasAudit.Core.Datasets.Checks;

/// <summary>Which pictures are copies of each other, and whether their rights agree.</summary>
internal static class CopyChecks
{
    public static IEnumerable<Finding> Run(IReadOnlyList<TrainingItem> items)
    {
        var copies = Groups(items, items.Select(item => item.PixelDigest));
        yield return new(
            "contradictory-copies",
            Severity.Error,
            "pictures with the same pixels and different rights",
            [.. Contradictory(copies)]
        );
        yield return new("copies", Severity.Information, "pictures with the same pixels", [.. copies.Select(Plain)]);

        // Of copies one stands for all.
        List<TrainingItem> distinct = [.. items.DistinctBy(item => item.PixelDigest)];
        var clusters = DuplicateClusters.Find(distinct, DuplicateClusters.UsualDistance);
        var similar = Groups(distinct, clusters);
        yield return new(
            "contradictory-similar",
            Severity.Warning,
            "pictures that look alike and have different rights",
            [.. Contradictory(similar)]
        );
        yield return new("similar", Severity.Information, "pictures that look alike", [.. similar.Select(Plain)]);
    }

    private static List<List<TrainingItem>> Groups<TKey>(IEnumerable<TrainingItem> items, IEnumerable<TKey> keys) =>
        [
            .. items
                .Zip(keys)
                .GroupBy(pair => pair.Second, pair => pair.First)
                .Select(group => group.ToList())
                .Where(group => group.Count > 1),
        ];

    private static FindingGroup Plain(IEnumerable<TrainingItem> group) =>
        new([.. group.Select(item => item.Path)], null);

    private static IEnumerable<FindingGroup> Contradictory(IEnumerable<List<TrainingItem>> groups)
    {
        foreach (var group in groups)
        {
            var holders = Stated(group, item => item.Rights.RightsHolder, StringComparer.Ordinal);
            var licenses = Stated(group, item => item.Rights.License, StringComparer.OrdinalIgnoreCase);
            var details = new List<string>();
            if (holders.Count > 1)
                details.Add($"rights holders: {string.Join(", ", holders)}");
            if (licenses.Count > 1)
                details.Add($"licences: {string.Join(", ", licenses)}");
            if (details.Count > 0)
                yield return Plain(group) with
                {
                    Detail = string.Join("; ", details),
                };
        }
    }

    private static List<string> Stated(
        IEnumerable<TrainingItem> group,
        Func<TrainingItem, string?> right,
        StringComparer comparer
    ) => [.. group.Select(right).OfType<string>().Distinct(comparer).Order(StringComparer.Ordinal)];
}
