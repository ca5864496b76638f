using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Settings;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Models;

/// <summary>The LoRA to train, if one.</summary>
internal sealed class LoraSettings
{
    private readonly Setting<int?> _rank = OptionalNumber(
        "--lora-rank",
        "N",
        "Train a LoRA of this rank on the model, whose weights are read and stay as they are",
        1,
        4096,
        "none"
    );
    private readonly Setting<double?> _alpha = OptionalNumber<double>(
        "--lora-alpha",
        "X",
        "The LoRA's change is multiplied by this over its rank",
        1e-6,
        1e6,
        "the rank"
    );
    private readonly Setting<LoraModules?> _modules = OptionalChoice<LoraModules?>(
        "--lora-modules",
        "Layers of the denoising network that get a LoRA: the projections of attention (the default), all linear "
            + "layers, or convolutions too",
        ("attention", LoraModules.Attention),
        ("linear", LoraModules.Linear),
        ("all", LoraModules.All)
    );
    private readonly Setting<bool> _textEncoders = Flag(
        "--lora-text-encoders",
        "Give the text encoders' attention a LoRA too"
    );

    public IReadOnlyList<ISetting> All => [_rank, _alpha, _modules, _textEncoders];

    /// <summary>The LoRA; null to train the whole model.</summary>
    public NewLora? Read(Invocation invocation)
    {
        var alpha = invocation.Get(_alpha);
        var modules = invocation.Get(_modules);
        var textEncoders = invocation.Get(_textEncoders);
        if (invocation.Get(_rank) is { } rank)
            return new()
            {
                Rank = rank,
                Alpha = alpha ?? rank,
                Modules = modules ?? LoraModules.Attention,
                TextEncoders = textEncoders,
                Seed = invocation.Seed,
            };
        var stray =
            alpha is not null ? _alpha.Name
            : modules is not null ? _modules.Name
            : textEncoders ? _textEncoders.Name
            : null;
        return stray is null
            ? null
            : throw new UsageException($"{stray} says how to train a LoRA; say with {_rank.Name} that one is trained.");
    }
}
