namespace DasAudit.Core.Datasets;

/// <summary>How many pictures state something.</summary>
/// <param name="Value">What they state; null for silence.</param>
public sealed record ValueCount(string? Value, int Count)
{
    /// <summary>Counts texts, the most frequent first and equally frequent ones in ordinal order.</summary>
    internal static IReadOnlyList<ValueCount> Of(IEnumerable<string?> values) =>
        [
            .. values
                .CountBy(value => (Text: value, IsStated: value is not null))
                .Select(count => new ValueCount(count.Key.Text, count.Value))
                .OrderByDescending(count => count.Count)
                .ThenBy(count => count.Value, StringComparer.Ordinal),
        ];
}
