using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Unet;

/// <summary>
/// The sinusoidal embedding of every training timestep (Vaswani et al., 2017, section 3.5, as diffusers'
/// get_timestep_embedding), a row each, computed once. It holds no parameters and is no module.
/// </summary>
/// <param name="flipSinToCos">Whether cosines come first.</param>
/// <param name="freqShift">Subtracted from half the width in the exponent's denominator.</param>
internal sealed class TimestepTable(int timesteps, int channels, bool flipSinToCos, int freqShift) : IDisposable
{
    private const double MaxPeriod = 10000;
    private Tensor? _table;

    /// <summary>
    /// Rows of int64 [N] timesteps, or what lies at float32 [N] times between them: float32 [N, channels] on their
    /// device; the caller disposes it.
    /// </summary>
    internal Tensor Lookup(Tensor at)
    {
        if (at.is_floating_point())
        {
            using var scope = NewDisposeScope();
            return Compute(at.cpu()).to(at.device).MoveToOuterDisposeScope();
        }
        if (_table is null || _table.device != at.device)
        {
            _table?.Dispose();
            // Lives as long as the model, not as long as the batch that first asked.
            using var all = arange(timesteps, dtype: ScalarType.Float32);
            _table = Compute(all).to(at.device).DetachFromDisposeScope();
        }
        return _table.index_select(0, at);
    }

    public void Dispose() => _table?.Dispose();

    private Tensor Compute(Tensor times)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var half = channels / 2;
        var frequencies = (arange(half, dtype: ScalarType.Float32) * -Math.Log(MaxPeriod) / (half - freqShift)).exp();
        var angles = times.unsqueeze(1) * frequencies.unsqueeze(0);
        var table = flipSinToCos ? cat([angles.cos(), angles.sin()], 1) : cat([angles.sin(), angles.cos()], 1);
        if (channels % 2 == 1)
            table = nn.functional.pad(table, (0, 1));
        return table.MoveToOuterDisposeScope();
    }
}
