using DasAudit.Core.Datasets;

namespace DasAudit.Core.Candidates;

/// <summary>All pictures of the rights holders that someone asked about.</summary>
/// <param name="owners">Names, compared without case.</param>
internal sealed class IncludedOwnerTier(IReadOnlyList<string> owners) : ICandidateTier
{
    private const int MaximumSuggestions = 5;

    public string Name => "included-owner";

    /// <summary>Refuses owners that hold no picture; the message names owners that do.</summary>
    public static void Check(IReadOnlyList<TrainingItem> items, IReadOnlyList<string> owners)
    {
        if (owners.Count == 0)
            return;
        var holders = items
            .Select(item => item.Rights.RightsHolder)
            .OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.Ordinal)
            .ToList();
        foreach (var owner in owners)
            if (!holders.Contains(owner, StringComparer.OrdinalIgnoreCase))
                throw new AuditException($"No training picture belongs to '{owner}'{Remedy(owner, holders)}.");
    }

    public IEnumerable<int> Select(CandidateQuery query)
    {
        var indices = query.Items.ToLookup(
            item => item.Rights.RightsHolder,
            item => item.Index,
            StringComparer.OrdinalIgnoreCase
        );
        return owners.SelectMany(owner => indices[owner]);
    }

    private static string Remedy(string owner, List<string> holders)
    {
        if (holders.Count == 0)
            return ", because the dataset's metadata names no rights holders; add the column rights_holder";
        var similar = holders.Where(holder => AreSimilar(holder, owner)).Take(MaximumSuggestions).ToList();
        if (similar.Count > 0)
            return $"; name one of the dataset's rights holders, such as {Quoted(similar, " or ")}";
        var more = holders.Count > MaximumSuggestions ? $" and {holders.Count - MaximumSuggestions} more" : "";
        return $"; name one of the dataset's rights holders: {Quoted(holders.Take(MaximumSuggestions), ", ")}{more}";
    }

    private static string Quoted(IEnumerable<string> names, string separator) =>
        string.Join(separator, names.Select(name => $"'{name}'"));

    private static bool AreSimilar(string left, string right)
    {
        var a = left.ToUpperInvariant();
        var b = right.ToUpperInvariant();
        return a.Contains(b, StringComparison.Ordinal)
            || b.Contains(a, StringComparison.Ordinal)
            || EditDistance(a, b) <= Math.Max(a.Length, b.Length) / 3;
    }

    private static int EditDistance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
