namespace DasAudit.Evidence.Payouts;

/// <summary>Divides whole units by the method of largest remainders (Hare): the parts sum to the whole.</summary>
internal static class LargestRemainder
{
    /// <summary>Whole parts in proportion to weights; of equal remainders the earlier gets the unit.</summary>
    /// <param name="total">At least 0.</param>
    /// <param name="weights">At least 0, some above 0.</param>
    internal static long[] Divide(long total, IReadOnlyList<decimal> weights)
    {
        var sum = weights.Sum();
        decimal[] quotas = [.. weights.Select(weight => total * (weight / sum))];
        long[] parts = [.. quotas.Select(quota => (long)decimal.Floor(quota))];
        var left = (int)(total - parts.Sum());
        var first = Enumerable
            .Range(0, parts.Length)
            .Where(i => weights[i] > 0)
            .OrderByDescending(i => quotas[i] - parts[i])
            .ThenBy(i => i)
            .Take(left);
        foreach (var i in first)
            parts[i]++;
        return parts;
    }
}
