namespace DasAudit.Core.Gradients;

/// <summary>Σ_t g_t/(‖g_t‖ + 1e-8)/K of each output function, for several noise draws of one picture.</summary>
/// <param name="functions">Number of output functions.</param>
/// <param name="parameters">p, the length of a gradient.</param>
/// <param name="replicates">Number of noise draws.</param>
/// <param name="timesteps">K.</param>
internal sealed class UnitGradientSums(int functions, int parameters, int replicates, int timesteps)
{
    private readonly float[][][] _sums =
        [.. Enumerable.Range(0, functions).Select(_ => Enumerable.Range(0, replicates).Select(_ => new float[parameters]).ToArray())];

    /// <summary>Number of noise draws.</summary>
    public int Replicates => replicates;

    /// <summary>The sum of one output function over the timesteps of one noise draw; length p.</summary>
    public float[] this[int function, int replicate] => _sums[function][replicate];

    /// <summary>The factor of a gradient: 1/(K·(‖g‖ + 1e-8)).</summary>
    public double Weight(double norm) => 1 / (timesteps * (norm + 1e-8));
}
