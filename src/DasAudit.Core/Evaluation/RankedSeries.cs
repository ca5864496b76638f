namespace DasAudit.Core.Evaluation;

/// <summary>
/// Values whose ranks are wanted again and again, each value counted another number of times, as a bootstrap does.
/// </summary>
internal sealed class RankedSeries
{
    private readonly double[] _values;
    private readonly int[] _order;

    public RankedSeries(IReadOnlyList<double> values)
    {
        _values = [.. values];
        _order = [.. Enumerable.Range(0, values.Count).OrderBy(index => values[index])];
    }

    public int Count => _values.Length;

    /// <summary>
    /// Spearman's correlation of two series of the same length, each pair counted so many times; equal values share
    /// their mean rank; 0 if a side is constant.
    /// </summary>
    /// <param name="counts">How often each pair counts, 0 or more.</param>
    public static double Spearman(RankedSeries a, RankedSeries b, ReadOnlySpan<int> counts)
    {
        const int OnStack = 512;
        Span<double> ranksA = a.Count <= OnStack ? stackalloc double[a.Count] : new double[a.Count];
        Span<double> ranksB = a.Count <= OnStack ? stackalloc double[a.Count] : new double[a.Count];
        a.Ranks(counts, ranksA);
        b.Ranks(counts, ranksB);
        return Correlation(ranksA, ranksB, counts);
    }

    /// <summary>Pearson's correlation, otherwise as <see cref="Spearman"/>.</summary>
    public static double Pearson(RankedSeries a, RankedSeries b, ReadOnlySpan<int> counts) =>
        Correlation(a._values, b._values, counts);

    private void Ranks(ReadOnlySpan<int> counts, Span<double> ranks)
    {
        var before = 0;
        for (var start = 0; start < _order.Length; )
        {
            var end = start;
            var equal = 0;
            while (end < _order.Length && _values[_order[end]].Equals(_values[_order[start]]))
                equal += counts[_order[end++]];
            var rank = before + (equal - 1) / 2.0;
            for (; start < end; start++)
                ranks[_order[start]] = rank;
            before += equal;
        }
    }

    private static double Correlation(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<int> counts)
    {
        double n = 0;
        double sumA = 0;
        double sumB = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            n += counts[i];
            sumA += counts[i] * a[i];
            sumB += counts[i] * b[i];
        }

        var (meanA, meanB) = (sumA / n, sumB / n);
        double squaresA = 0;
        double squaresB = 0;
        double products = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            var (x, y) = (a[i] - meanA, b[i] - meanB);
            squaresA += counts[i] * x * x;
            squaresB += counts[i] * y * y;
            products += counts[i] * x * y;
        }

        var scale = Math.Sqrt(squaresA * squaresB);
        return scale > 0 ? products / scale : 0;
    }
}
