using static TorchSharp.torch;

namespace DasAudit.Abstractions;

/// <summary>
/// How training mixes clean samples with noise, at T training timesteps 0 … T−1, and what the network should make of
/// the mixture: <see cref="DiscreteDiffusion"/>, or an adapter's own, such as rectified flow. The timestep's integer
/// index is what noise draws, grids and reports know it by.
/// </summary>
public interface IForwardProcess
{
    /// <summary>T, the number of training timesteps.</summary>
    int TrainTimesteps { get; }

    /// <summary>What the network predicts, as diffusers calls it: <c>epsilon</c>, <c>v_prediction</c>, <c>sample</c>,
    /// <c>flow</c> …</summary>
    string Prediction { get; }

    /// <summary>
    /// What defines the process, a value a timestep: β_t, or σ_t. Equal levels make an equal process.
    /// </summary>
    ReadOnlySpan<float> Levels { get; }

    /// <summary>The time that the network is told at a timestep. Default: the timestep itself.</summary>
    /// <param name="timestep">In [0, T).</param>
    double Time(int timestep) => timestep;

    /// <summary>The mixture x_t.</summary>
    /// <param name="clean">x₀, [N, C, H, W].</param>
    /// <param name="noise">ε, of the same shape or broadcastable to it.</param>
    /// <param name="timesteps">int64 [N], each in [0, T).</param>
    /// <returns>[N, C, H, W]; the caller disposes it.</returns>
    Tensor AddNoise(Tensor clean, Tensor noise, Tensor timesteps);

    /// <summary>What the network should have predicted of the mixture.</summary>
    /// <param name="clean">x₀, [N, C, H, W].</param>
    /// <param name="noise">ε, of the same shape or broadcastable to it.</param>
    /// <param name="timesteps">int64 [N], each in [0, T).</param>
    /// <returns>[N, C, H, W]; the caller disposes it.</returns>
    Tensor Target(Tensor clean, Tensor noise, Tensor timesteps);

    /// <summary>The power of the signal over that of the noise in the mixture, at least 0.</summary>
    /// <param name="timestep">In [0, T).</param>
    double SignalToNoise(int timestep);
}
