using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>(1/d)·‖ε̂ − y‖², the training loss: TRAK (Park et al., 2023) and all loss-based influences.</summary>
internal sealed class LossOutput : IOutputFunction
{
    public string Name => "loss";

    public Tensor Of(Tensor prediction, NoisyBatch batch) => (prediction - batch.Target).square().flatten(1).mean([1]);
}
