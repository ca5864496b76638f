using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Layers;

/// <summary>The sinusoidal embedding of numbers (Vaswani et al., 2017, section 3.5), as in diffusers.</summary>
/// <param name="Channels">Its width, an even number.</param>
/// <param name="FlipSinToCos">Whether cosines come first.</param>
/// <param name="FreqShift">Subtracted from half the width in the exponent's denominator.</param>
internal readonly record struct Sinusoids(int Channels, bool FlipSinToCos, int FreqShift)
{
    private const double MaxPeriod = 10000;

    /// <summary>Numbers [N] of any type → float32 [N, channels], in the caller's dispose scope.</summary>
    internal Tensor Of(Tensor numbers)
    {
        using var scope = NewDisposeScope();
        var half = Channels / 2;
        var exponents = arange(half, dtype: ScalarType.Float32, device: numbers.device) * -Math.Log(MaxPeriod);
        var frequencies = (exponents / (half - FreqShift)).exp();
        var angles = numbers.to_type(ScalarType.Float32).unsqueeze(1) * frequencies.unsqueeze(0);
        var (first, second) = FlipSinToCos ? (angles.cos(), angles.sin()) : (angles.sin(), angles.cos());
        return cat([first, second], 1).MoveToOuterDisposeScope();
    }
}
