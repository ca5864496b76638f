using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>max_j |ε̂_j|; its gradient is that of the largest entry.</summary>
internal sealed class LinfNormOutput : IOutputFunction
{
    public string Name => "linf-norm";

    public Tensor Of(Tensor prediction, NoisyBatch batch) => prediction.abs().flatten(1).max(1).values;
}
