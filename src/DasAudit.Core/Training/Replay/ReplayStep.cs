using static TorchSharp.torch;

namespace DasAudit.Core.Training.Replay;

/// <summary>A step of training as it was: flat vectors over the trained parameters.</summary>
/// <param name="Number">k, from 0.</param>
/// <param name="Weights">θ_k, before the step.</param>
/// <param name="Gradient">g_k as AdamW was given it: shortened where it was too long.</param>
/// <param name="Norm">‖∇L_k(θ_k)‖ before it was shortened.</param>
/// <param name="FirstMoments">m after the step.</param>
/// <param name="SecondMoments">v after the step.</param>
internal sealed record ReplayStep(
    int Number,
    Tensor Weights,
    Tensor Gradient,
    double Norm,
    Tensor FirstMoments,
    Tensor SecondMoments
) : IDisposable
{
    public void Dispose()
    {
        Weights.Dispose();
        Gradient.Dispose();
        FirstMoments.Dispose();
        SecondMoments.Dispose();
    }
}
