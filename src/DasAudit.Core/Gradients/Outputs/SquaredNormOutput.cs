using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>(1/d)·‖ε̂‖²: D-TRAK (Zheng et al., 2024), whose code calls it mean-squared-l2-norm.</summary>
internal sealed class SquaredNormOutput : IOutputFunction
{
    public string Name => "squared-norm";

    public Tensor Of(Tensor prediction, NoisyBatch batch) => prediction.square().flatten(1).mean([1]);
}
