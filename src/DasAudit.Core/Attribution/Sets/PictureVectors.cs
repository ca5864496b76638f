using System.Numerics.Tensors;
using DasAudit.Core.Attribution.Methods;

namespace DasAudit.Core.Attribution.Sets;

/// <summary>
/// The values of each picture in all noise draws beside each other, so that many sets can be summed fast. The influence of a set, averaged over
/// noise draws, is a function of the sum of its pictures' vectors; see <see cref="SetInfluence"/>.
/// </summary>
internal sealed class PictureVectors
{
    private readonly double[] _values;
    private readonly bool _squared;

    /// <param name="scores">Of one query.</param>
    /// <param name="count">Takes the first rows alone.</param>
    public PictureVectors(QueryScores scores, int count)
    {
        _squared = scores.Inner is not null;
        var columns = scores.Inner is { } inner ? inner.SelectMany(draw => draw).ToList() : [.. scores.ByReplicate];
        Width = columns.Count;
        Count = count;
        _values = new double[count * Width];
        foreach (var (c, column) in columns.Index())
            for (var i = 0; i < count; i++) _values[i * Width + c] = column[i];
    }

    /// <summary>Number of pictures.</summary>
    public int Count { get; }

    /// <summary>Length of a vector.</summary>
    public int Width { get; }

    /// <summary>A picture's vector.</summary>
    public ReadOnlySpan<double> this[int picture] => _values.AsSpan(picture * Width, Width);

    /// <summary>The influence of a set.</summary>
    /// <param name="sum">Sum of its vectors.</param>
    public double Influence(ReadOnlySpan<double> sum) => (_squared ? TensorPrimitives.SumOfSquares(sum) : TensorPrimitives.Sum(sum)) / Width;

    /// <summary>By how much a picture raises the influence of a set: τ_i + (2/B)·Σ_b C_b·s_bi, C the set's sum.</summary>
    public double Increment(ReadOnlySpan<double> sum, int picture) =>
        Influence(this[picture]) + (_squared ? 2 * TensorPrimitives.Dot(sum, this[picture]) / Width : 0);
}
