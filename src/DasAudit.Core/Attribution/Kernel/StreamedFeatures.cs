using DasAudit.Core.Features;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Kernel;

/// <summary>
/// Features that are read again for each operation, some thousand rows at a time in double precision. Results do not
/// depend on the number of workers: each takes whole columns, and sums over rows are taken in the order of the rows.
/// </summary>
internal sealed class StreamedFeatures(IFeatureBlocks blocks, int workers, CancellationToken cancellation)
    : IKernelFeatures
{
    // About 32 MB of numbers at a time, and columns of a result that a worker takes at a time.
    private const int Numbers = 1 << 22;
    private const int Columns = 256;

    public int Count => blocks.Count;

    public int Dimension => blocks.Dimension;

    public bool KeepsCoordinates => false;

    public Tensor Gram(Device device)
    {
        var gram = zeros(Count, Count, dtype: float64);
        foreach (var (first, left) in Chunks())
        {
            foreach (var (second, right) in Chunks(from: first))
            {
                using var scope = NewDisposeScope();
                var product = left.matmul(right.t());
                gram.narrow(0, first, left.shape[0]).narrow(1, second, right.shape[0]).copy_(product);
                gram.narrow(0, second, right.shape[0]).narrow(1, first, left.shape[0]).copy_(product.t());
            }
        }

        return gram.to(device);
    }

    public Tensor SecondMoment(Device device)
    {
        var moment = zeros(Dimension, Dimension, dtype: float64);
        foreach (var (_, chunk) in Chunks())
        {
            // Entries above the diagonal's panels follow by symmetry.
            OnColumns(
                Dimension,
                (start, count) =>
                    moment
                        .narrow(0, start, Dimension - start)
                        .narrow(1, start, count)
                        .addmm_(chunk.narrow(1, start, Dimension - start).t(), chunk.narrow(1, start, count))
            );
        }

        return (moment.tril() + moment.tril(-1).t()).to(device);
    }

    public Tensor Products(Tensor rows)
    {
        var products = empty(rows.shape[0], Count, dtype: float64);
        foreach (var (first, chunk) in Chunks())
            OnColumns(
                (int)chunk.shape[0],
                (start, count) =>
                    products.narrow(1, first + start, count).copy_(rows.matmul(chunk.narrow(0, start, count).t()))
            );
        return products;
    }

    public Tensor Combine(Tensor weights)
    {
        var sum = zeros(weights.shape[0], Dimension, dtype: float64);
        foreach (var (first, chunk) in Chunks())
            OnColumns(
                Dimension,
                (start, count) =>
                    sum.narrow(1, start, count)
                        .addmm_(weights.narrow(1, first, chunk.shape[0]), chunk.narrow(1, start, count))
            );
        return sum;
    }

    public Tensor FastProducts(Tensor rows) =>
        tensor(
            BlockProducts.Of(rows.contiguous().data<double>().ToArray(), blocks, workers, cancellation),
            [rows.shape[0], Count]
        );

    public Tensor SquaredNorms(Tensor basis)
    {
        var norms = empty(Count, dtype: float64);
        foreach (var (first, chunk) in Chunks())
            OnColumns(
                (int)chunk.shape[0],
                (start, count) =>
                    norms
                        .narrow(0, first + start, count)
                        .copy_(chunk.narrow(0, start, count).matmul(basis).square().sum([1L]))
            );
        return norms;
    }

    public void Dispose() { }

    private void OnColumns(int columns, Action<int, int> run) =>
        Workers.Run(
            () => no_grad(),
            workers,
            (columns + Columns - 1) / Columns,
            (_, job) =>
            {
                using var scope = NewDisposeScope();
                run(job * Columns, Math.Min(Columns, columns - job * Columns));
            }
        );

    // Rows, float64 [some, k], that are disposed when the next come; where chunks begin does not depend on where the
    // first does.
    private IEnumerable<(int First, Tensor Rows)> Chunks(int from = 0)
    {
        var buffer = new BlockBuffer(blocks);
        var block = 0;
        while (block < blocks.Blocks)
        {
            var first = blocks.FirstRow(block);
            var end = block + 1;
            while (end < blocks.Blocks && (long)(blocks.FirstRow(end + 1) - first) * Dimension <= Numbers)
                end++;
            if (first >= from)
            {
                cancellation.ThrowIfCancellationRequested();
                using var rows = Read(buffer, block, end);
                yield return (first, rows);
            }

            block = end;
        }
    }

    private Tensor Read(BlockBuffer buffer, int block, int end)
    {
        using var scope = NewDisposeScope();
        var first = blocks.FirstRow(block);
        var values = new float[checked((blocks.FirstRow(end) - first) * Dimension)];
        for (; block < end; block++)
        {
            buffer.Read(block);
            buffer.Restore(values.AsSpan((buffer.First - first) * Dimension, buffer.Rows * Dimension));
        }

        var rows = tensor(values, [values.Length / Dimension, Dimension]).to_type(float64);
        if (!rows.IsFinite())
            throw RidgeKernel.NotFinite();
        return rows.MoveToOuterDisposeScope();
    }
}
