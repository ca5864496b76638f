namespace DasAudit.Evidence.Exports.Html;

/// <summary>One colour a group, the same wherever the group appears. Colours only repeat what a label says.</summary>
internal sealed class GroupColors
{
    private const int Colors = 5;
    private readonly Dictionary<string, string> _classes;

    internal GroupColors(AuditReport report) =>
        _classes = report
            .Groups.Select(g => g.Key)
            .Where(k => k != GroupKey.NotStated)
            .Distinct()
            .Take(Colors)
            .Select((key, i) => (key, i))
            .ToDictionary(k => k.key, k => $"g{k.i + 1}");

    /// <summary>The CSS class of a group: <c>g1</c> … <c>g5</c> for the largest, <c>g0</c> for the rest.</summary>
    internal string ClassOf(string? key) => key is not null && _classes.TryGetValue(key, out var name) ? name : "g0";
}
