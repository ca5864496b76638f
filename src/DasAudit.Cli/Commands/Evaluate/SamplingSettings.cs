using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands.Models;
using DasAudit.Cli.Settings;
using DasAudit.Core.Diffusion;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>How queries were generated, where they do not state it themselves.</summary>
internal sealed class SamplingSettings
{
    private static readonly GeneratorOptions Usual = new();

    private readonly Setting<int?> _steps = OptionalNumber(
        "--sampling-steps",
        "N",
        "Sampling steps of pictures that do not state them",
        1,
        1000,
        $"{Usual.Steps}, or as the preset has it"
    );

    private readonly Setting<SamplerKind?> _sampler = SamplerSetting.Of(
        "The sampler of pictures that do not state it; by default as for generate"
    );

    private readonly Setting<double> _eta = Number(
        "--eta",
        "X",
        "DDIM's noise in the pictures, which they never state",
        0.0,
        1.0,
        0.0
    );

    private readonly Setting<double?> _guidance = OptionalNumber<double>(
        "--guidance",
        "X",
        "Scale of classifier-free guidance of pictures that do not state it, 1 for none",
        0,
        1000,
        "that of the model's family"
    );

    public IReadOnlyList<ISetting> All => [_steps, _sampler, _eta, _guidance];

    /// <summary>What counts where a picture says nothing.</summary>
    /// <param name="usual">What counts where the command line says nothing either.</param>
    public GeneratorOptions Read(Invocation invocation, GeneratorOptions usual) =>
        usual with
        {
            Steps = invocation.Get(_steps) ?? usual.Steps,
            Sampler = invocation.Get(_sampler) ?? usual.Sampler,
            Eta = invocation.Get(_eta),
            Guidance = invocation.Get(_guidance) ?? usual.Guidance,
        };
}
