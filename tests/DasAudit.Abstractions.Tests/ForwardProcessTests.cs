using DasAudit.Safetensors;
using DasAudit.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Abstractions.Tests;

/// <summary>
/// The contract holds processes of both kinds: discrete diffusion, and rectified flow as SD 3 trains it.
/// </summary>
public class ForwardProcessTests
{
    [Theory]
    [InlineData(PredictionType.Epsilon, "epsilon")]
    [InlineData(PredictionType.Velocity, "v_prediction")]
    [InlineData(PredictionType.Sample, "sample")]
    public void Discrete_diffusion_is_its_schedule(PredictionType type, string prediction)
    {
        using var scope = NewDisposeScope();
        var schedule = NoiseSchedule.Linear(10);
        IForwardProcess process = new DiscreteDiffusion(schedule, type);
        var (clean, noise) = (rand(2, 1, 2, 2), rand(2, 1, 2, 2));
        var timesteps = tensor(new long[] { 3, 9 });

        Assert.Equal(prediction, process.Prediction);
        Assert.Equal(10, process.TrainTimesteps);
        Assert.Equal(9, process.Time(9));
        Assert.True(process.Levels.SequenceEqual(schedule.Betas));
        Assert.Equal(schedule.SignalToNoise(4), process.SignalToNoise(4));
        Assert.Equal(schedule.AddNoise(clean, noise, timesteps), process.AddNoise(clean, noise, timesteps));
        Assert.Equal(schedule.Target(type, clean, noise, timesteps), process.Target(clean, noise, timesteps));
    }

    [Fact]
    public void Rectified_flow_fits_and_gives_what_the_published_scheduler_gives()
    {
        using var scope = NewDisposeScope();
        using var golden = SafetensorsFile.Open(GoldenFiles.PathOf("sd3-tiny/flow.safetensors"));
        IForwardProcess process = new ShiftedFlow(3);
        var (clean, noise) = (golden.Read("train/x0"), golden.Read("train/noise"));
        var indices = golden.Read("train/indices");

        Assert.Equal(golden.Read("sched/train_sigmas").data<float>().ToArray(), process.Levels.ToArray(), Close);
        Assert.Equal(
            golden.Read("train/timesteps").data<float>().ToArray(),
            indices.data<long>().Select(index => (float)process.Time((int)index)),
            (expected, actual) => Math.Abs(expected - actual) < 1e-3
        );
        Assert.True(process.AddNoise(clean, noise, indices).allclose(golden.Read("train/noisy"), 0, 1e-5));
        Assert.True(process.Target(clean, noise, indices).allclose(golden.Read("train/target"), 0, 1e-5));
    }

    private static bool Close(float expected, float actual) => Math.Abs(expected - actual) < 1e-6;

    /// <summary>
    /// x_t = (1 − σ)·x₀ + σ·ε, target ε − x₀ (Esser et al., 2024): σ falls from 1, shifted by s·σ/(1 + (s − 1)·σ).
    /// </summary>
    private sealed class ShiftedFlow(double shift) : IForwardProcess
    {
        private readonly float[] _sigmas =
        [
            .. Enumerable
                .Range(0, 1000)
                .Select(i => (1000 - i) / 1000.0)
                .Select(sigma => (float)(shift * sigma / (1 + (shift - 1) * sigma))),
        ];

        public int TrainTimesteps => _sigmas.Length;

        public string Prediction => "flow";

        public ReadOnlySpan<float> Levels => _sigmas;

        public double Time(int timestep) => _sigmas[timestep] * 1000.0;

        public Tensor AddNoise(Tensor clean, Tensor noise, Tensor timesteps)
        {
            var sigma = tensor(_sigmas).index_select(0, timesteps).view(-1, 1, 1, 1);
            return (1 - sigma) * clean + sigma * noise;
        }

        public Tensor Target(Tensor clean, Tensor noise, Tensor timesteps) => noise - clean;

        public double SignalToNoise(int timestep) => Math.Pow((1 - _sigmas[timestep]) / _sigmas[timestep], 2);
    }
}
