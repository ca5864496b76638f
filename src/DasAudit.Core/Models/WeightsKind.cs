using DasAudit.Core.Files;
using DasAudit.Safetensors;

namespace DasAudit.Core.Models;

/// <summary>Says what a safetensors file holds, by the names of its tensors.</summary>
internal static class WeightsKind
{
    public static readonly string Lora =
        "a LoRA, which changes the weights of another model "
        + $"(give that as {Settings.Name("model")} and the LoRA as {Settings.Name("lora")})";

    private static readonly (string[] Words, string What)[] Kinds =
    [
        (["lora_A", "lora_B", "lora_down", "lora_up", "lora.down", "lora.up", "hada_w1", "lokr_w1"], Lora),
        (["conditioner.embedders."], "a Stable Diffusion XL checkpoint in a single file"),
        (
            ["cond_stage_model.", "model.diffusion_model.input_blocks."],
            "a Stable Diffusion checkpoint in a single file"
        ),
        (["joint_blocks."], "a Stable Diffusion 3 checkpoint in a single file"),
        (["double_blocks."], "a Flux checkpoint in a single file"),
        (["down_blocks."], "weights of a U-Net without the config.json that says how it is built"),
        (["transformer_blocks."], "weights of a transformer without the config.json that says how it is built"),
    ];

    /// <summary>A phrase such as <c>a Flux checkpoint in a single file</c>.</summary>
    public static string Of(string path)
    {
        try
        {
            using var file = SafetensorsFile.Open(path);
            return Array
                    .Find(
                        Kinds,
                        kind =>
                            file.Names.Any(name =>
                                kind.Words.Any(word => name.Contains(word, StringComparison.Ordinal))
                            )
                    )
                    .What
                ?? "weights without the config.json that says how the network is built";
        }
        catch (AuditException e)
        {
            return $"a file of weights that cannot be read ({e.Message.TrimEnd('.')})";
        }
    }
}
