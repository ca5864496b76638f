using System.Runtime.InteropServices;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Features;

/// <summary>
/// Makes the passes over many pictures, for devices that are fast on large batches alone. All batches have the same
/// number of rows, filled up where pictures run out, so that no other picture changes a bit of them. A noise draw of a
/// picture is never cut, unless it alone has more rows than a batch. Not thread-safe.
/// </summary>
/// <param name="options">What is kept of a picture.</param>
/// <param name="functions">Names of the output functions; empty where nothing is differentiated.</param>
/// <param name="onProcessor">Whether passes are noised on the processor, where the bits are known.</param>
internal sealed class PicturePasses(
    NoisyBatches batches,
    GradientOptions options,
    string[] functions,
    bool onProcessor = false
) : IDisposable
{
    private readonly DrawBatches _draws = new(batches, onProcessor);

    /// <summary>
    /// Whether a batch that the device has no memory for is taken again in halves. Default true; false where what was
    /// taken cannot be taken again.
    /// </summary>
    public bool Halves { get; init; } = true;

    /// <summary>Says that batches were halved; null if they were not.</summary>
    public string? MemoryNote { get; private set; }

    /// <summary>Makes all passes, and hands each picture out when it is whole.</summary>
    /// <param name="rows">Most rows of a batch.</param>
    /// <param name="take">Given each batch, in a dispose scope of its own.</param>
    public void Run(
        IReadOnlyList<ModelPicture> pictures,
        int rows,
        Action<PassBatch> take,
        Action<int, PictureFeatures> done,
        CancellationToken cancellation
    )
    {
        using var reader = new PictureQueue(batches.Model, pictures);
        var waiting = new Dictionary<string, List<Draw>>();
        try
        {
            while (reader.Next() is { } picture)
            {
                picture.Features = Assembly();
                if (!waiting.TryGetValue(picture.Shapes, out var draws))
                    waiting.Add(picture.Shapes, draws = []);
                for (var r = 0; r < batches.Replicates; r++)
                {
                    draws.Add(new(picture, r));
                    if (draws.Count >= DrawsOfBatch(rows))
                        rows = Finish(draws, rows, take, done, cancellation);
                }
            }
            foreach (var draws in waiting.Values.Where(draws => draws.Count > 0))
                rows = Finish(draws, rows, take, done, cancellation);
        }
        finally
        {
            foreach (var draw in waiting.Values.SelectMany(draws => draws))
                draw.Picture.Dispose();
        }
    }

    /// <summary>Makes a batch of a blank picture; returns the part of a picture's passes that it is.</summary>
    public double RunFirst(Condition? condition, int rows, Action<PassBatch> take)
    {
        using var scope = NewDisposeScope();
        using var blank = QueuedPicture.Blank(batches.Model, condition);
        blank.Features = Assembly();
        var draws = Enumerable.Repeat(new Draw(blank, 0), DrawsOfBatch(rows)).ToList();
        var window = _draws.Windows(rows).First();
        take(Create(draws, window, rows));
        return (double)(draws.Count * window.Timesteps) / (batches.Replicates * batches.Timesteps.Length);
    }

    /// <summary>The same draws in reversed order, in the caller's dispose scope.</summary>
    public PassBatch Reversed(PassBatch batch) => Create([.. batch.Draws.Reverse()], batch.Window, batch.Noisy.Rows);

    /// <summary>Says that batches have only so many rows.</summary>
    public static string Halved(int rows) =>
        $"The device's memory was too little for the batches that were planned; they have {rows} rows.";

    public void Dispose() => _draws.Dispose();

    private FeatureAssembly Assembly() => new(options, functions, batches.Timesteps.Length);

    private PassBatch Create(IReadOnlyList<Draw> draws, DrawWindow window, int rows) =>
        new(draws, window, _draws.Create(draws, window, rows));

    private int DrawsOfBatch(int rows) => Math.Max(1, rows / batches.Timesteps.Length);

    // Returns the rows that fit.
    private int Finish(
        List<Draw> draws,
        int rows,
        Action<PassBatch> take,
        Action<int, PictureFeatures> done,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            try
            {
                foreach (var part in draws.Chunk(DrawsOfBatch(rows)))
                    RunDraws(part, rows, take, cancellation);
                break;
            }
            catch (ExternalException e) when (Halves && DeviceMemory.IsExhausted(e) && rows > 1)
            {
                rows /= 2;
                MemoryNote = Halved(rows);
            }
        }
        foreach (var draw in draws)
        {
            draw.Picture.Finished++;
            if (draw.Picture.Finished < batches.Replicates)
                continue;
            done(draw.Picture.Index, draw.Picture.Features!.Finish());
            draw.Picture.Dispose();
        }
        draws.Clear();
        return rows;
    }

    private void RunDraws(IReadOnlyList<Draw> draws, int rows, Action<PassBatch> take, CancellationToken cancellation)
    {
        foreach (var window in _draws.Windows(rows))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            take(Create(draws, window, rows));
        }
    }
}
