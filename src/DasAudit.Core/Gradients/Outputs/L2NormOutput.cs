using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>‖ε̂‖₂.</summary>
internal sealed class L2NormOutput : IOutputFunction
{
    public string Name => "l2-norm";

    public Tensor Of(Tensor prediction, NoisyBatch batch) => prediction.square().flatten(1).sum([1L]).sqrt();
}
