using DasAudit.Core.Features;
using DasAudit.Core.Numerics;
using DasAudit.Core.Torch;

namespace DasAudit.Core.Attribution.Kernel;

/// <summary>
/// A·Φᵀ of rows A with features that are read block by block, each once for all rows: sums in float32, as exact as one
/// float32 dot product (about 1e-7 of ‖a‖·‖φ‖). One thread a worker; the numbers do not depend on how many workers,
/// blocks or rows there are.
/// </summary>
internal static class BlockProducts
{
    /// <summary>A·Φᵀ [m, n], row after row.</summary>
    public static double[] Of(
        ReadOnlySpan<double> rows,
        IFeatureBlocks features,
        int workers,
        CancellationToken cancellation
    )
    {
        var products = new double[checked(rows.Length / features.Dimension * features.Count)];
        Write(rows, features, products, workers, cancellation);
        return products;
    }

    /// <summary>Fills memory with A·Φᵀ [m, n], row after row, from A row after row.</summary>
    public static void Write(
        ReadOnlySpan<double> rows,
        IFeatureBlocks features,
        double[] products,
        int workers,
        CancellationToken cancellation
    )
    {
        var n = features.Count;
        var k = features.Dimension;
        if (rows.Length % k != 0)
            throw new ArgumentException($"{rows.Length} numbers are no rows of {k}.", nameof(rows));
        var m = rows.Length / k;
        if (products.Length != (long)m * n)
            throw new ArgumentException($"{products.Length} numbers do not hold {m} rows of {n}.", nameof(products));
        var panels = new List<QueryPanel>();
        try
        {
            for (var first = 0; first < m; first += QueryPanel.Most)
                panels.Add(new(rows, first, k, features.Half ? HalfLanes.Unit : 1));
            Workers.Run(
                () => new Scratch(features),
                workers,
                features.Blocks,
                (scratch, block) =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    scratch.Buffer.Read(block);
                    foreach (var panel in panels)
                    {
                        if (features.Half)
                            scratch.Multiply<HalfLanes>(panel, products);
                        else
                            scratch.Multiply<SingleLanes>(panel, products);
                    }
                }
            );
        }
        finally
        {
            panels.ForEach(panel => panel.Dispose());
        }
    }

    private sealed class Scratch(IFeatureBlocks features) : IDisposable
    {
        public BlockBuffer Buffer { get; } = new(features);

        public QueryProducts Products { get; } = new();

        public void Multiply<T>(QueryPanel panel, double[] products)
            where T : struct, IFeatureLanes
        {
            var first = checked((int)((long)panel.First * features.Count + Buffer.First));
            Products.Multiply<T>(Buffer.Values, Buffer.Scales, panel, products.AsSpan(first), features.Count);
        }

        public void Dispose() => Products.Dispose();
    }
}
