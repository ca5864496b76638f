using DasAudit.Core.Diffusion;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Features;

/// <summary>The timesteps of noise draws that a batch has.</summary>
/// <param name="First">Position of the first.</param>
/// <param name="Timesteps">How many of each draw count.</param>
/// <param name="Slots">How many rows each draw has; those after the last timestep do not count.</param>
/// <param name="All">K, how many timesteps a draw has in all.</param>
internal readonly record struct DrawWindow(int First, int Timesteps, int Slots, int All);

/// <summary>Makes batches of noise draws of several pictures, always of the same number of rows.</summary>
/// <param name="onProcessor">Whether passes are noised on the processor, where the bits are known.</param>
internal sealed class DrawBatches(NoisyBatches batches, bool onProcessor) : IDisposable
{
    private readonly Dictionary<(BatchPlan, ImageShape), Tensor> _noise = [];

    /// <summary>What of their draws batches of at most so many rows have, one after the other.</summary>
    public IEnumerable<DrawWindow> Windows(int rows)
    {
        var timesteps = batches.Timesteps.Length;
        var parts = (timesteps + rows - 1) / rows;
        var slots = (timesteps + parts - 1) / parts;
        return Enumerable
            .Range(0, parts)
            .Select(part => new DrawWindow(part * slots, Math.Min(slots, timesteps - part * slots), slots, timesteps));
    }

    /// <summary>
    /// Noise draws, filled up with the last to a number of rows that is always the same; in the caller's dispose scope.
    /// </summary>
    /// <param name="draws">At most as many as a batch of so many rows has.</param>
    public NoisyBatch Create(IReadOnlyList<Draw> draws, DrawWindow window, int rows)
    {
        using var noGradients = no_grad();
        var count = Math.Max(1, rows / window.Slots);
        var filled = draws.Concat(Enumerable.Repeat(draws[^1], count - draws.Count));
        return NoisyBatch
            .Join([.. filled.Select(draw => Create(draw, window))])
            .FilledUpTo(Math.Min(rows, BatchMemory.WholeParts(count * window.Slots)));
    }

    public void Dispose()
    {
        foreach (var noise in _noise.Values)
            noise.Dispose();
    }

    private NoisyBatch Create(Draw draw, DrawWindow window)
    {
        var picture = draw.Picture.Encoded;
        var plan = new BatchPlan(draw.Replicate, 1, window.First, window.Timesteps);
        var device = picture.Clean.device;
        var clean = onProcessor ? picture.Clean.cpu() : picture.Clean;
        var batch = batches.Create(draw.Picture.Name, clean, picture.Condition, plan, Noise(plan, clean));
        if (onProcessor)
            batch = batch with
            {
                Noisy = batch.Noisy.to(device),
                Target = batch.Target.to(device),
                Timesteps = batch.Timesteps.to(device),
                NoisyOnProcessor = batch.Noisy,
            };
        return (batch with { Region = picture.Region }).FilledUpTo(window.Slots);
    }

    // Every picture meets the same noise.
    private Tensor Noise(BatchPlan plan, Tensor clean)
    {
        var shape = new ImageShape((int)clean.shape[1], (int)clean.shape[2], (int)clean.shape[3]);
        if (_noise.TryGetValue((plan, shape), out var noise))
            return noise;
        noise = batches.Noise(plan, clean).DetachFromDisposeScope();
        _noise.Add((plan, shape), noise);
        return noise;
    }
}
