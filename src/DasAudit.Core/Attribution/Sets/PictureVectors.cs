using System.Numerics.Tensors;
using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Attribution.Sets;

/// <summary>
/// The values of each picture in all noise draws beside each other, to sum many sets fast: the influence of a set,
/// averaged over noise draws, is a function of the sum of its pictures' vectors; see <see cref="SetInfluence"/>.
/// </summary>
internal sealed class PictureVectors
{
    private readonly double[] _values;
    private readonly bool _squared;
    private readonly bool _paired;

    /// <summary>Takes the first rows alone.</summary>
    public PictureVectors(QueryScores scores, int count)
    {
        _squared = !scores.AddsUp;
        _paired = _squared && scores.Partners is not null;
        var columns = _squared
            ? scores.Inner!.Concat(scores.Partners ?? []).SelectMany(draw => draw).ToList()
            : [.. scores.ByReplicate];
        Width = columns.Count;
        Count = count;
        _values = new double[count * Width];
        foreach (var (c, column) in columns.Index())
            for (var i = 0; i < count; i++)
                _values[i * Width + c] = column[i];
    }

    public int Count { get; }

    public int Width { get; }

    public ReadOnlySpan<double> this[int picture] => _values.AsSpan(picture * Width, Width);

    /// <summary>The influence of a set from the sum of its vectors.</summary>
    public double Influence(ReadOnlySpan<double> sum) =>
        _squared ? Product(sum, sum) : TensorPrimitives.Sum(sum) / Width;

    /// <summary>How much a picture raises a set's influence: τ_i + (2/B)·Σ_b C_b·s_bi, C the set's sum.</summary>
    public double Increment(ReadOnlySpan<double> sum, int picture) =>
        Influence(this[picture]) + (_squared ? Product(sum, this[picture]) + Product(this[picture], sum) : 0);

    // (1/B)·Σ_b x_b·y_b; with partners, which fill the second half, (1/B)·Σ_b x_b·y′_b.
    private double Product(ReadOnlySpan<double> x, ReadOnlySpan<double> y) =>
        _paired
            ? TensorPrimitives.Dot(x[..(Width / 2)], y[(Width / 2)..]) / (Width / 2)
            : TensorPrimitives.Dot(x, y) / Width;
}
