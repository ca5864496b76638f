using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Features;

/// <summary>Noise draws of several pictures in one batch.</summary>
/// <param name="Window">Which timesteps of each.</param>
/// <param name="Noisy">
/// Its first <see cref="Count"/> rows are the draws, one after the other; what follows fills the batch up.
/// </param>
internal sealed record PassBatch(IReadOnlyList<Draw> Draws, DrawWindow Window, NoisyBatch Noisy)
{
    /// <summary>How many rows count. Several draws stand in a batch only with all their timesteps.</summary>
    public int Count => Draws.Count * Window.Timesteps;

    /// <summary>Draw and position of the timestep of each row that counts.</summary>
    public IEnumerable<(int Row, Draw Draw, int Timestep)> Passes =>
        Enumerable
            .Range(0, Count)
            .Select(row => (row, Draws[row / Window.Timesteps], Window.First + row % Window.Timesteps));
}
