using System.Text.Json.Serialization;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Models;

namespace DasAudit.Core.Training;

/// <summary>How a diffusion model is trained.</summary>
public sealed record TrainingOptions : LatentTrainingOptions
{
    /// <summary>
    /// The defaults where a LoRA is trained: 1000 steps, 4 pictures a step, learning rate 1e-4, no moving average.
    /// </summary>
    public static TrainingOptions LoraDefaults { get; } =
        new()
        {
            Steps = 1000,
            BatchSize = 4,
            LearningRate = 1e-4,
            EmaDecay = 0,
        };

    /// <summary>Optimiser steps. Default 8000.</summary>
    public int Steps { get; init; } = 8000;

    /// <summary>Pictures a step. Default 16.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>AdamW's learning rate after warm-up. Default 2e-3.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>AdamW's β₂ (β₁ is 0.9). Default 0.99.</summary>
    public double Beta2 { get; init; } = 0.99;

    /// <summary>AdamW's decoupled weight decay. Default 1e-6.</summary>
    public double WeightDecay { get; init; } = 1e-6;

    /// <summary>Steps over which the learning rate rises linearly from 0. Default 100.</summary>
    public int WarmupSteps { get; init; } = 100;

    /// <summary>The part of the learning rate left at the last step, 0 … 1, after a cosine. Default 0.02.</summary>
    public double FinalLearningRate { get; init; } = 0.02;

    /// <summary>Largest Euclidean norm of the gradient; longer ones are shortened to it. Default 1.</summary>
    public double GradientClip { get; init; } = 1;

    /// <summary>Decay of the weights' moving average, which is written in the end, 0 … 1. Default 0.999.</summary>
    public double EmaDecay { get; init; } = 0.999;

    /// <summary>Timestep weights. Default null: clipped SNR where the clean sample is predicted, else none.</summary>
    public LossWeight? LossWeight { get; init; }

    /// <summary>Seed of order, timesteps, noise and dropout. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// The part of the set to train on, in (0, 1); see <see cref="TrainingPart"/>. Timesteps and noise then follow from
    /// (epoch, picture), not from (step, place in the batch), whatever else is in the part. Default null: all of it.
    /// </summary>
    public double? Part { get; init; }

    /// <summary>Which part. Default 0.</summary>
    public long PartSeed { get; init; }

    /// <summary>Steps between checkpoints of the training state. Default 500.</summary>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>
    /// Parts of the run, each in (0, 1), after which a <see cref="TrainingCheckpoint"/> is kept. Default 0.3, where
    /// attribution by posterior variance is best; methods that sum over training want several.
    /// </summary>
    public IReadOnlyList<double> Keep { get; init; } = [0.3];

    /// <summary>The learning rate of a step: linear warm-up, then cosine decay.</summary>
    public double LearningRateAt(int step)
    {
        if (step < WarmupSteps)
            return LearningRate * (step + 1) / WarmupSteps;
        var progress = (double)(step - WarmupSteps) / Math.Max(1, Steps - WarmupSteps);
        return LearningRate * (FinalLearningRate + (1 - FinalLearningRate) * (1 + Math.Cos(Math.PI * progress)) / 2);
    }

    internal bool KeepsAfter(int step) => step < Steps && Keep.Any(part => (int)Math.Round(part * Steps) == step);

    internal bool KeepsStateAfter(int step) => KeepState is { } part && KeptState.StepOf(part, Steps) == step;

    internal double WeightAt(int timestep, IForwardProcess process)
    {
        var signalToNoise = process.SignalToNoise(timestep);
        return (LossWeight ?? DefaultWeight(process)) switch
        {
            Training.LossWeight.None => 1,
            Training.LossWeight.ClippedSnr => Math.Clamp(signalToNoise, 0.1, 5),
            _ => MinSnr(signalToNoise, process),
        };
    }

    private static LossWeight DefaultWeight(IForwardProcess process) =>
        process is DiscreteDiffusion { PredictionType: PredictionType.Sample }
            ? Training.LossWeight.ClippedSnr
            : Training.LossWeight.None;

    // Hang et al., 2023, section 3.4; what is weighted there is the loss of the clean sample.
    private double MinSnr(double signalToNoise, IForwardProcess process)
    {
        var gamma = MinSnrGamma ?? DefaultGamma;
        return DiscreteProcess.Of(process).PredictionType switch
        {
            PredictionType.Epsilon => signalToNoise <= gamma ? 1 : gamma / signalToNoise,
            PredictionType.Velocity => Math.Min(signalToNoise, gamma) / (signalToNoise + 1),
            _ => Math.Min(signalToNoise, gamma),
        };
    }
}

/// <summary>How timesteps are weighted in the training loss.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LossWeight>))]
public enum LossWeight
{
    /// <summary>All alike.</summary>
    None,

    /// <summary>SNR(t) clipped to [0.1, 5]: keeps a clean-sample prediction from spending itself on noise.</summary>
    ClippedSnr,

    /// <summary>Min-SNR-γ (Hang et al., 2023): no timestep counts more than SNR γ makes it count.</summary>
    MinSnr,
}
