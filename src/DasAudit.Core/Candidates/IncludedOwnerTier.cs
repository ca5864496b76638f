using DasAudit.Abstractions;

namespace DasAudit.Core.Candidates;

/// <summary>All pictures of the rights holders that someone asked about.</summary>
/// <param name="owners">Names, compared without case.</param>
internal sealed class IncludedOwnerTier(IReadOnlyList<string> owners) : ICandidateTier
{
    private const int Named = 5;

    public string Name => "included-owner";

    public IEnumerable<int> Select(CandidateQuery query)
    {
        var held = query.Items.ToLookup(i => i.Rights.RightsHolder, i => i.Index, StringComparer.OrdinalIgnoreCase);
        foreach (var owner in owners)
            if (!held.Contains(owner))
                throw NotThere(owner, [.. held.Select(g => g.Key).OfType<string>().Order(StringComparer.Ordinal)]);
        return owners.SelectMany(o => held[o]);
    }

    private static AuditException NotThere(string owner, List<string> holders)
    {
        if (holders.Count == 0)
            return new AuditException(
                $"No training picture belongs to '{owner}', because the dataset's metadata names no rights holders; add the column rights_holder."
            );
        var near = holders.Where(h => Similar(h, owner)).Take(Named).ToList();
        if (near.Count > 0)
            return new AuditException(
                $"No training picture belongs to '{owner}'; name one of the dataset's rights holders, such as {string.Join(" or ", near.Select(n => $"'{n}'"))}."
            );
        var more = holders.Count > Named ? $" and {holders.Count - Named} more" : "";
        return new AuditException(
            $"No training picture belongs to '{owner}'; name one of the dataset's rights holders: {string.Join(", ", holders.Take(Named).Select(n => $"'{n}'"))}{more}."
        );
    }

    private static bool Similar(string a, string b)
    {
        var (x, y) = (a.ToUpperInvariant(), b.ToUpperInvariant());
        return x.Contains(y, StringComparison.Ordinal)
            || y.Contains(x, StringComparison.Ordinal)
            || EditDistance(x, y) <= Math.Max(x.Length, y.Length) / 3;
    }

    private static int EditDistance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, _) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Math.Min(diagonal + (a[i - 1] == b[j - 1] ? 0 : 1), Math.Min(row[j], row[j - 1]) + 1);
                (diagonal, row[j]) = (row[j], cost);
            }
        }

        return row[^1];
    }
}
