using System.Globalization;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Settings;
using DasAudit.Core.Training;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Models;

internal sealed class TrainingSettings
{
    private static readonly TrainingOptions Defaults = new();

    private readonly Setting<int> _steps = Number("--steps", "N", "Optimiser steps", 1, int.MaxValue, Defaults.Steps);
    private readonly Setting<int> _batchSize = Number(
        "--batch-size",
        "N",
        "Pictures a step",
        1,
        65536,
        Defaults.BatchSize
    );
    private readonly Setting<double> _learningRate = Number(
        "--learning-rate",
        "X",
        "AdamW's learning rate after warm-up",
        0,
        1,
        Defaults.LearningRate
    );
    private readonly Setting<double> _beta2 = Number(
        "--beta2",
        "X",
        "AdamW's second decay",
        0,
        0.999999,
        Defaults.Beta2
    );
    private readonly Setting<double> _weightDecay = Number(
        "--weight-decay",
        "X",
        "AdamW's decoupled weight decay",
        0,
        1,
        Defaults.WeightDecay
    );
    private readonly Setting<int> _warmup = Number(
        "--warmup",
        "N",
        "Steps over which the learning rate rises",
        0,
        int.MaxValue,
        Defaults.WarmupSteps
    );
    private readonly Setting<double> _final = Number(
        "--final-learning-rate",
        "X",
        "Part of the learning rate left at the last step",
        0,
        1,
        Defaults.FinalLearningRate
    );
    private readonly Setting<double> _clip = Number(
        "--gradient-clip",
        "X",
        "Largest gradient norm",
        1e-6,
        1e6,
        Defaults.GradientClip
    );
    private readonly Setting<double> _ema = Number(
        "--ema",
        "X",
        "Decay of the moving average of the weights",
        0,
        0.999999,
        Defaults.EmaDecay
    );
    private readonly Setting<LossWeight?> _weight = Choice<LossWeight?>(
        "--loss-weight",
        "Weight of timesteps: auto is snr for models that predict the clean picture, none otherwise",
        ("auto", null),
        ("none", LossWeight.None),
        ("snr", LossWeight.ClippedSnr)
    );
    private readonly Setting<int> _checkpoint = Number(
        "--checkpoint-every",
        "N",
        "Steps between saved states",
        1,
        int.MaxValue,
        Defaults.CheckpointEvery
    );

    private readonly Setting<IReadOnlyList<double>> _keep = Parsed(
        "--keep",
        "PARTS",
        "Parts of the run after which a checkpoint is kept for methods that look back at training, "
            + "such as 0.1,0.3,0.5, or none; default 0.3.",
        ReadParts,
        Defaults.Keep
    );

    private readonly Setting<double?> _part = Parsed<double?>(
        "--part",
        "FRACTION",
        "Train on a random part of the pictures, for audit --retrained: "
            + "a number between 0 and 1, such as 0.5; default all.",
        ReadPart,
        null
    );

    private readonly Setting<long?> _partSeed = OptionalNumber(
        "--part-seed",
        "N",
        "Which part; --seed stays that of weights, order, timesteps and noise",
        0,
        long.MaxValue,
        "0"
    );

    public IReadOnlyList<ISetting> All =>
        [
            _steps,
            _batchSize,
            _learningRate,
            _beta2,
            _weightDecay,
            _warmup,
            _final,
            _clip,
            _ema,
            _weight,
            _checkpoint,
            _keep,
            _part,
            _partSeed,
        ];

    public TrainingOptions Read(Invocation invocation)
    {
        var part = invocation.Get(_part);
        var partSeed = invocation.Get(_partSeed);
        if (partSeed is not null && part is null)
            throw new UsageException("--part-seed says which part to train on; say with --part how large it is.");
        return new()
        {
            Steps = invocation.Get(_steps),
            BatchSize = invocation.Get(_batchSize),
            LearningRate = invocation.Get(_learningRate),
            Beta2 = invocation.Get(_beta2),
            WeightDecay = invocation.Get(_weightDecay),
            WarmupSteps = invocation.Get(_warmup),
            FinalLearningRate = invocation.Get(_final),
            GradientClip = invocation.Get(_clip),
            EmaDecay = invocation.Get(_ema),
            LossWeight = invocation.Get(_weight),
            CheckpointEvery = invocation.Get(_checkpoint),
            Keep = invocation.Get(_keep),
            Part = part,
            PartSeed = partSeed ?? Defaults.PartSeed,
            Seed = invocation.Seed,
        };
    }

    private static double? ReadPart(string text) =>
        Fraction(text) ?? throw new FormatException($"takes a number between 0 and 1, not '{text}'.");

    private static IReadOnlyList<double> ReadParts(string text)
    {
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
            return [];
        var parts = text.Split(',').Select(Fraction).ToList();
        return parts.Contains(null)
            ? throw new FormatException(
                $"takes numbers between 0 and 1 with commas between them, or none, not '{text}'."
            )
            : [.. parts.OfType<double>()];
    }

    private static double? Fraction(string text)
    {
        var isNumber = double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var value
        );
        return isNumber && value is > 0 and < 1 ? value : null;
    }
}
