using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>(1/d)·1ᵀε̂, one fixed direction of the prediction: the practical form of DAS (Lin et al., 2025).</summary>
internal sealed class MeanOutput : IOutputFunction
{
    public string Name => "mean";

    public Tensor Of(Tensor prediction, NoisyBatch batch) => prediction.flatten(1).mean([1]);
}
