using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>‖ε̂‖₁.</summary>
internal sealed class L1NormOutput : IOutputFunction
{
    public string Name => "l1-norm";

    public Tensor Of(Tensor prediction, NoisyBatch batch) => prediction.abs().flatten(1).sum([1L]);
}
