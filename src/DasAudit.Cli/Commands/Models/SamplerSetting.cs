using DasAudit.Cli.Settings;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Models;

/// <summary>The choice of a sampler.</summary>
internal static class SamplerSetting
{
    /// <param name="description">For the help, with the default.</param>
    public static Setting<SamplerKind?> Of(string description) =>
        OptionalChoice<SamplerKind?>(
            "--sampler",
            description,
            ("ddim", SamplerKind.Ddim),
            ("ddpm", SamplerKind.Ddpm),
            ("euler", SamplerKind.Euler),
            ("dpm++", SamplerKind.DpmSolverPlusPlus)
        );
}
