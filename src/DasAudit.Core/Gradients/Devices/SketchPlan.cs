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
    // Rows of gradients that are turned round together where there are many columns.
    private const int Group = 32;
    private const int ManyColumns = 1 << 17;

    private readonly EmbeddingBags _sums;
    private readonly int _firstPlace;
    private readonly int _places;
    private readonly Tensor? _columns;
    private readonly Tensor? _bags;

    private readonly Tensor? _identity;

    /// <param name="parts">Where the columns come from, in their order.</param>
    /// <param name="sums">Owned by the caller.</param>
    public SketchPlan(IReadOnlyList<SketchedPart> parts, Device device, EmbeddingBags sums)
    {
        _sums = sums;
        var (places, signs) = Places(parts);
        _firstPlace = places.Min();
        _places = places.Max() - _firstPlace + 1;
        if (IsPlain(places, signs))
            return;
        var (columns, bags) = Sorted(places, signs);
        // On a GPU libtorch multiplies row and width in the type of the rows.
        var type = (long)columns.Length * Group > int.MaxValue ? int64 : int32;
        _columns = tensor(columns, type, device).DetachFromDisposeScope();
        _bags = tensor(bags, type, device).DetachFromDisposeScope();
        if (columns.Length >= ManyColumns)
            _identity = eye(Group, device: device).DetachFromDisposeScope();
    }

    /// <summary>Adds the sketch of columns.</summary>
    /// <param name="values">float32 [B, n].</param>
    /// <param name="sketches">float32 [k, B].</param>
    public void Add(Tensor values, Tensor sketches)
    {
        using var scope = NewDisposeScope();
        var places = sketches.narrow(0, _firstPlace, _places);
        if (_columns is null)
        {
            places.add_(values.t());
            return;
        }
        var tables = _identity is null ? [values.t().contiguous()] : TurnedRound(values, _identity);
        var sums = tables.ConvertAll(table => _sums.Sums(table, _columns, _bags!));
        var byPlace = (sums.Count == 1 ? sums[0] : cat(sums, 1)).view(_places, 2, -1);
        places.add_(byPlace.select(1, 0)).sub_(byPlace.select(1, 1));
    }

    public void Dispose()
    {
        _columns?.Dispose();
        _bags?.Dispose();
        _identity?.Dispose();
    }

    // [B, n] → some of [n, up to 32], by products with the identity: on a GPU libtorch's copy of what lies across took
    // as long as the gradients themselves.
    private static List<Tensor> TurnedRound(Tensor values, Tensor identity)
    {
        var rows = values.shape[0];
        var columns = values.shape[1];
        var groups = rows / Group;
        var tables = new List<Tensor>();
        if (groups > 0)
        {
            var whole = values.narrow(0, 0, groups * Group).view(groups, Group, columns).transpose(1, 2);
            var turned = whole.bmm(identity.expand(groups, Group, Group));
            tables.AddRange(turned.unbind());
        }
        if (rows % Group is > 0 and var remaining)
        {
            var last = values.narrow(0, groups * Group, remaining);
            tables.Add(last.t().mm(identity.narrow(0, 0, remaining).narrow(1, 0, remaining)));
        }
        return tables;
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
