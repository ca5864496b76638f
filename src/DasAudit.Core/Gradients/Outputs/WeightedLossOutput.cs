using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>w_t·(1/d)·‖ε̂ − y‖² with w_t = β_t/(2·α_t·(1 − ᾱ_t)).</summary>
/// <remarks>The training loss in the evidence lower bound (Ho et al., 2020, equation 12 with σ_t² = β_t).</remarks>
internal sealed class WeightedLossOutput(NoiseSchedule schedule) : IOutputFunction
{
    public string Name => "weighted-mse";

    public Tensor Of(Tensor prediction, NoisyBatch batch)
    {
        var weights = batch.Passes.Select(pass => Weight(pass.Timestep)).ToArray();
        return batch.Mean((prediction - batch.Target).square()) * tensor(weights, device: prediction.device);
    }

    private float Weight(int timestep)
    {
        double beta = schedule.Betas[timestep];
        return (float)(beta / (2 * (1 - beta) * (1 - (double)schedule.AlphasCumprod[timestep])));
    }
}
