using DasAudit.Adapters.Diffusers.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.TinyStableDiffusion;

/// <summary>
/// Trains an autoencoder to give pictures back: the mean absolute error and a little of the Kullback-Leibler divergence
/// from N(0, 1), on pictures and their mirror images; AdamW, the learning rate falling as a cosine.
/// </summary>
/// <param name="pictures">Float [N, C, H, W] in −1..1.</param>
internal sealed class AutoencoderTraining(AutoencoderKL network, Tensor pictures, int steps)
{
    private const int BatchSize = 16;
    private const double LearningRate = 2e-3;
    private const double DivergenceWeight = 1e-4;
    private const int Seed = 1;

    /// <summary>Trains; tells of the mean absolute error, of values in −1..1, every hundred steps.</summary>
    public void Run(Action<int, double> report)
    {
        random.manual_seed(Seed);
        network.train();
        using var optimizer = optim.AdamW(network.parameters(), LearningRate, beta2: 0.99, weight_decay: 0);
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = LearningRate * (1 + Math.Cos(Math.PI * step / steps)) / 2;
            optimizer.zero_grad();
            var (error, divergence) = Losses(Batch());
            (error + DivergenceWeight * divergence).backward();
            optimizer.step();
            if ((step + 1) % 100 == 0)
                report(step + 1, error.ToDouble());
        }
        network.eval();
    }

    private Tensor Batch()
    {
        var batch = pictures.index_select(0, randint(pictures.shape[0], [BatchSize]));
        return rand(1).ToSingle() < 0.5f ? batch.flip(3) : batch;
    }

    private (Tensor Error, Tensor Divergence) Losses(Tensor batch)
    {
        var moments = network.Moments(batch).chunk(2, 1);
        var (mean, logVariance) = (moments[0], moments[1].clamp(-30, 20));
        var latents = mean + (logVariance / 2).exp() * randn_like(mean);
        var divergence = (mean.square() + logVariance.exp() - 1 - logVariance).mean() / 2;
        return ((network.Decode(latents) - batch).abs().mean(), divergence);
    }
}
