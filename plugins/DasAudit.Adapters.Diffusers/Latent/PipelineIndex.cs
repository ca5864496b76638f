using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>model_index.json of a pipeline of Stable Diffusion or SDXL.</summary>
internal sealed class PipelineIndex
{
    internal const string Name = "model_index.json";
    private const string Unet = "UNet2DConditionModel";

    private static readonly Dictionary<string, string[]> Supported = new(StringComparer.Ordinal)
    {
        ["unet"] = [Unet],
        ["vae"] = ["AutoencoderKL"],
        ["text_encoder"] = ["CLIPTextModel", "CLIPTextModelWithProjection"],
        ["text_encoder_2"] = ["CLIPTextModelWithProjection", "CLIPTextModel"],
        ["tokenizer"] = ["CLIPTokenizer", "CLIPTokenizerFast"],
        ["tokenizer_2"] = ["CLIPTokenizer", "CLIPTokenizerFast"],
    };

    // Parts that look at pictures before or after, not at what the network predicts.
    private static readonly string[] WithoutEffect =
    [
        "safety_checker",
        "feature_extractor",
        "image_encoder",
        "watermarker",
    ];

    private readonly JsonConfig _json;

    private PipelineIndex(JsonConfig json)
    {
        _json = json;
        foreach (var entry in json.Entries)
            Check(entry.Name);
        foreach (var part in (string[])["unet", "vae", "text_encoder", "tokenizer"])
        {
            if (ClassOf(part) is null)
                throw new AuditException(
                    $"'{json.Path}' names no {part}, which a pipeline of Stable Diffusion needs; get the whole "
                        + "pipeline."
                );
        }
    }

    internal string Path => _json.Path;

    internal string Folder => System.IO.Path.GetDirectoryName(_json.Path)!;

    internal string Text => _json.Text;

    internal bool ForceZerosForEmptyPrompt => _json.Bool("force_zeros_for_empty_prompt", IsXl);

    /// <summary>The names of its text encoders, in the order of their embeddings.</summary>
    internal IEnumerable<string> TextEncoders => IsXl ? ["text_encoder", "text_encoder_2"] : ["text_encoder"];

    private bool IsXl => ClassOf("text_encoder_2") is not null;

    internal static PipelineIndex Read(string folder) => new(JsonConfig.Read(System.IO.Path.Combine(folder, Name)));

    /// <summary>The class that the pipeline loads a part as; null for a part that it does without.</summary>
    internal string? ClassOf(string part) => Checkpoint.PartClass(_json, part);

    private void Check(string part)
    {
        if (ClassOf(part) is not { } className || part == "scheduler" || WithoutEffect.Contains(part))
            return;
        if (!Supported.TryGetValue(part, out var classes))
            throw new AuditException(
                $"'{_json.Path}' has the part '{part}' ({className}), which changes what the network predicts "
                    + "and is not supported; supported are pipelines of Stable Diffusion 1.x, 2.x and XL."
            );
        if (!classes.Contains(className))
            throw _json.Refuse(part, className, $"which is not supported; supported is {string.Join(" or ", classes)}");
    }
}
