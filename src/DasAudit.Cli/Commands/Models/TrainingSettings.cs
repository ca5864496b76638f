using System.Globalization;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Settings;
using DasAudit.Core.Training;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Models;

internal sealed class TrainingSettings
{
    private static readonly TrainingOptions Defaults = new();

    private readonly Setting<int?> _steps = OptionalNumber(
        "--steps",
        "N",
        "Optimiser steps",
        1,
        int.MaxValue,
        Default(options => options.Steps)
    );
    private readonly Setting<int?> _epochs = OptionalNumber(
        "--epochs",
        "N",
        "Times that every picture, of the part if there is one, is seen, in place of --steps",
        1,
        int.MaxValue,
        "what --steps gives"
    );
    private readonly Setting<int?> _batchSize = OptionalNumber(
        "--batch-size",
        "N",
        "Pictures a step",
        1,
        65536,
        Default(options => options.BatchSize)
    );
    private readonly Setting<double?> _learningRate = OptionalNumber<double>(
        "--learning-rate",
        "X",
        "AdamW's learning rate after warm-up",
        0,
        1,
        Default(options => options.LearningRate)
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
    private readonly Setting<double?> _ema = OptionalNumber<double>(
        "--ema",
        "X",
        "Decay of the moving average of the weights, 0 for none",
        0,
        0.999999,
        Default(options => options.EmaDecay)
    );
    private readonly Setting<(LossWeight? Weight, double? Gamma)> _weight = Parsed<(LossWeight?, double?)>(
        "--loss-weight",
        "auto|none|snr|min-snr[:GAMMA]",
        "Weight of timesteps: auto is snr for models that predict the clean picture, none otherwise; GAMMA is 5 if not "
            + "said; default auto.",
        ReadWeight,
        (null, null)
    );
    private readonly Setting<double> _noiseOffset = Number(
        "--noise-offset",
        "X",
        "Noise of each channel as a whole, as part of the noise of each value",
        0.0,
        10.0,
        Defaults.NoiseOffset
    );
    private readonly Setting<double> _captionDropout = Number(
        "--caption-dropout",
        "P",
        "How often a picture is trained on without its caption, so that guidance works",
        0.0,
        1.0,
        Defaults.CaptionDropout
    );
    private readonly LoraSettings _lora = new();
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

    private readonly Setting<double?> _keepState = Parsed<double?>(
        "--keep-state",
        "PART",
        "Part of the run after which weights, their average and the optimiser's moments are kept, for methods that "
            + "replay the rest of it: a number between 0 and 1, such as 0.75; default none.",
        ReadPart,
        null
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
            _epochs,
            _batchSize,
            _learningRate,
            _beta2,
            _weightDecay,
            _warmup,
            _final,
            _clip,
            _ema,
            _weight,
            _noiseOffset,
            _captionDropout,
            .. _lora.All,
            _checkpoint,
            _keep,
            _keepState,
            _part,
            _partSeed,
        ];

    /// <summary>How often every picture is seen; null where the options say how many steps there are.</summary>
    public int? Epochs(Invocation invocation) => invocation.Get(_epochs);

    public TrainingOptions Read(Invocation invocation)
    {
        if (invocation.Get(_steps) is not null && invocation.Get(_epochs) is not null)
            throw new UsageException("--steps and --epochs both say how long to train; give one of them.");
        var part = invocation.Get(_part);
        var partSeed = invocation.Get(_partSeed);
        if (partSeed is not null && part is null)
            throw new UsageException("--part-seed says which part to train on; say with --part how large it is.");
        var lora = _lora.Read(invocation);
        var defaults = lora is null ? Defaults : TrainingOptions.LoraDefaults;
        var (weight, gamma) = invocation.Get(_weight);
        return new()
        {
            Steps = invocation.Get(_steps) ?? defaults.Steps,
            BatchSize = invocation.Get(_batchSize) ?? defaults.BatchSize,
            LearningRate = invocation.Get(_learningRate) ?? defaults.LearningRate,
            Beta2 = invocation.Get(_beta2),
            WeightDecay = invocation.Get(_weightDecay),
            WarmupSteps = invocation.Get(_warmup),
            FinalLearningRate = invocation.Get(_final),
            GradientClip = invocation.Get(_clip),
            EmaDecay = invocation.Get(_ema) ?? defaults.EmaDecay,
            LossWeight = weight,
            MinSnrGamma = gamma,
            NoiseOffset = invocation.Get(_noiseOffset),
            CaptionDropout = invocation.Get(_captionDropout),
            Lora = lora,
            CheckpointEvery = invocation.Get(_checkpoint),
            Keep = invocation.Get(_keep),
            KeepState = invocation.Get(_keepState),
            Part = part,
            PartSeed = partSeed ?? Defaults.PartSeed,
            Seed = invocation.Seed,
        };
    }

    private static string Default<T>(Func<TrainingOptions, T> setting)
        where T : IFormattable
    {
        var (all, lora) = (setting(Defaults), setting(TrainingOptions.LoraDefaults));
        return string.Create(CultureInfo.InvariantCulture, $"{all}, {lora} for a LoRA");
    }

    private static (LossWeight?, double?) ReadWeight(string text)
    {
        var (name, rest) = text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0
            ? (text[..colon], text[(colon + 1)..])
            : (text, null);
        var isNumber = double.TryParse(rest, NumberStyles.Float, CultureInfo.InvariantCulture, out var gamma);
        return (name.ToLowerInvariant(), rest) switch
        {
            ("auto", null) => (null, null),
            ("none", null) => (LossWeight.None, null),
            ("snr", null) => (LossWeight.ClippedSnr, null),
            ("min-snr", null) => (LossWeight.MinSnr, TrainingOptions.DefaultGamma),
            ("min-snr", _) when isNumber && gamma > 0 && double.IsFinite(gamma) => (LossWeight.MinSnr, gamma),
            _ => throw new FormatException(
                $"takes auto, none, snr, or min-snr with a number greater than 0 after a colon, not '{text}'."
            ),
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
