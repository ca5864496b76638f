using MathNet.Numerics.Statistics;

namespace DasAudit.Core.Uncertainty;

/// <summary>
/// Effect sizes of scores of several queries and pictures: how many robust standard deviations a score stands out,
/// first among the pictures of its query, then among the queries of its picture. A robust standard deviation is 1.4826
/// times the median absolute deviation from the median (MAD), the standard deviation if the values were normal.
/// </summary>
internal static class TwoWayStandardisation
{
    private const double NormalScale = 1.4826;

    /// <summary>Both ways, [query][picture]; 0 where more than half of the values compared with are equal.</summary>
    public static double[][] Compute(IReadOnlyList<IReadOnlyList<double>> byQuery)
    {
        var rows = ByQuery(byQuery);
        if (rows.Length == 0)
            return rows;
        var columns = Enumerable
            .Range(0, rows[0].Length)
            .Select(i => Standardise([.. rows.Select(row => row[i])]))
            .ToList();
        return [.. rows.Select((_, q) => columns.Select(column => column[q]).ToArray())];
    }

    /// <summary>Within each query alone, likewise, which makes queries of different overall size comparable.</summary>
    public static double[][] ByQuery(IReadOnlyList<IReadOnlyList<double>> byQuery)
    {
        return [.. byQuery.Select(row => Standardise([.. row]))];
    }

    private static double[] Standardise(double[] values)
    {
        var median = values.Median();
        var deviation = NormalScale * values.Select(value => Math.Abs(value - median)).Median();
        return [.. values.Select(value => deviation > 0 ? (value - median) / deviation : 0)];
    }
}
