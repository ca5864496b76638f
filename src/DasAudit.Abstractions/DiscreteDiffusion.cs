using static TorchSharp.torch;

namespace DasAudit.Abstractions;

/// <summary>
/// The process x_t = √ᾱ_t·x₀ + √(1−ᾱ_t)·ε (Ho et al., 2020, equation 4), told by the timestep's index.
/// </summary>
/// <param name="schedule">β_t and what follows from it.</param>
/// <param name="predictionType">What the network predicts.</param>
public sealed class DiscreteDiffusion(NoiseSchedule schedule, PredictionType predictionType) : IForwardProcess
{
    /// <summary>β_t and what follows from it.</summary>
    public NoiseSchedule Schedule { get; } = schedule;

    /// <summary>What the network predicts.</summary>
    public PredictionType PredictionType { get; } = predictionType;

    /// <inheritdoc/>
    public int TrainTimesteps => Schedule.TrainTimesteps;

    /// <inheritdoc/>
    public string Prediction =>
        PredictionType switch
        {
            PredictionType.Epsilon => "epsilon",
            PredictionType.Velocity => "v_prediction",
            _ => "sample",
        };

    /// <summary>β_t.</summary>
    public ReadOnlySpan<float> Levels => Schedule.Betas;

    /// <inheritdoc/>
    public Tensor AddNoise(Tensor clean, Tensor noise, Tensor timesteps) => Schedule.AddNoise(clean, noise, timesteps);

    /// <inheritdoc/>
    public Tensor Target(Tensor clean, Tensor noise, Tensor timesteps) =>
        Schedule.Target(PredictionType, clean, noise, timesteps);

    /// <inheritdoc/>
    public double SignalToNoise(int timestep) => Schedule.SignalToNoise(timestep);
}
