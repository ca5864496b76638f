using DasAudit.Core.Models;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>Reads for a report what was asked for beside a checkpoint.</summary>
internal static class AdditionsReader
{
    /// <summary>Null where nothing was.</summary>
    public static ModelAdditions? Read(ModelSource source, IDiffusionModel model)
    {
        if (source.Loras.Count == 0 && source.ModelConfig is null && source.Resolution is null)
            return null;
        return new()
        {
            Config = source.ModelConfig,
            Resolution = source.Resolution,
            Loras = source.Loras.Count == 0 ? null : [.. source.Loras.Select(lora => Read(lora, source, model))],
        };
    }

    private static LoraInfo Read(LoraFile lora, ModelSource source, IDiffusionModel model) =>
        new(lora.Path, lora.Weight, source.LoraHash(lora, model));
}
