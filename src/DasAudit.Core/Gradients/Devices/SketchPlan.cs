using DasAudit.Core.Numerics;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Devices;

/// <summary>
/// Adds Pᵀg of some neighbouring columns of gradients to sketches: each column goes to one place, with a sign. Columns
/// are sorted by place and sign once; each place then sums up a run of them in one order, without atomics, so that
/// every run gives the same bits.
/// </summary>
internal sealed class SketchPlan : IDisposable
{
    private readonly int _firstPlace;
    private readonly int _places;
    private readonly Tensor? _columns;
    private readonly Tensor? _bags;

    /// <param name="parts">Where the columns come from, in their order.</param>
    public SketchPlan(IReadOnlyList<SketchedPart> parts, Device device)
    {
        var (places, signs) = Places(parts);
        _firstPlace = places.Min();
        _places = places.Max() - _firstPlace + 1;
        if (IsPlain(places, signs))
            return;
        var (columns, bags) = Sorted(places, signs);
        _columns = tensor(columns, device: device).DetachFromDisposeScope();
        _bags = tensor(bags, device: device).DetachFromDisposeScope();
    }

    /// <summary>Adds the sketch of columns.</summary>
    /// <param name="values">float32 [B, n].</param>
    /// <param name="sketches">float32 [k, B].</param>
    public void Add(Tensor values, Tensor sketches)
    {
        using var scope = NewDisposeScope();
        var byColumn = values.t();
        var places = sketches.narrow(0, _firstPlace, _places);
        if (_columns is null)
        {
            places.add_(byColumn);
            return;
        }
        var sums = EmbeddingBags.Sums(byColumn.contiguous(), _columns, _bags!).view(_places, 2, -1);
        places.add_(sums.select(1, 0)).sub_(sums.select(1, 1));
    }

    public void Dispose()
    {
        _columns?.Dispose();
        _bags?.Dispose();
    }

    private bool IsPlain(int[] places, bool[] signs)
    {
        var first = places[0];
        return !Array.Exists(signs, isNegative => isNegative)
            && _places == places.Length
            && places.Index().All(place => place.Item == first + place.Index);
    }

    // Columns by place, the positive ones first, and where each run begins.
    private (int[] Columns, int[] Bags) Sorted(int[] places, bool[] signs)
    {
        var counts = new int[2 * _places + 1];
        for (var column = 0; column < places.Length; column++)
            counts[Bag(column) + 1]++;
        for (var bag = 0; bag < 2 * _places; bag++)
            counts[bag + 1] += counts[bag];
        var bags = counts[..^1];
        var columns = new int[places.Length];
        var next = (int[])bags.Clone();
        for (var column = 0; column < places.Length; column++)
            columns[next[Bag(column)]++] = column;
        return (columns, bags);

        int Bag(int column) => 2 * (places[column] - _firstPlace) + (signs[column] ? 1 : 0);
    }

    private static (int[] Places, bool[] Signs) Places(IReadOnlyList<SketchedPart> parts)
    {
        var count = parts.Sum(part => part.Columns);
        var (places, signs) = (new int[count], new bool[count]);
        var column = 0;
        foreach (var part in parts)
        {
            var (ofPart, negative) = Places(part);
            for (var i = 0; i < part.Columns; i++, column++)
            {
                var coordinate = part.Coordinate(i);
                places[column] = ofPart[coordinate];
                signs[column] = negative[coordinate];
            }
        }
        return (places, signs);
    }

    // By coordinate, in the parameter's order.
    private static unsafe (int[] Places, bool[] Signs) Places(SketchedPart part)
    {
        var projection = part.Projection;
        var (places, signs) = (new int[part.Columns], new bool[part.Columns]);
        if (projection.HashSeed is not { } seed)
        {
            for (var i = 0; i < part.Columns; i++)
                places[i] = projection.Offset + i;
            return (places, signs);
        }
        var hash = new SjltHash(seed, projection.Dimension);
        var buckets = stackalloc uint[SjltHash.Block];
        var masks = stackalloc uint[SjltHash.Block];
        for (var start = 0; start < part.Columns; start += SjltHash.Block)
        {
            hash.Fill(projection.First + start, buckets, masks);
            for (var i = 0; i < Math.Min(SjltHash.Block, part.Columns - start); i++)
            {
                places[start + i] = projection.Offset + (int)buckets[i];
                signs[start + i] = masks[i] != 0;
            }
        }
        return (places, signs);
    }
}
