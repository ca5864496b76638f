using System.Text.Json;
using System.Text.Json.Nodes;
using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>model_index.json of a pipeline of Stable Diffusion or SDXL.</summary>
internal sealed class PipelineIndex
{
    internal const string Name = Checkpoint.IndexName;

    /// <summary>What it calls the scheduler.</summary>
    internal const string Scheduler = "scheduler";

    private const string Unet = "UNet2DConditionModel";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

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

    private PipelineIndex(JsonConfig json)
    {
        Json = json;
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

    internal JsonConfig Json { get; }

    internal string Path => Json.Path;

    internal string Folder => System.IO.Path.GetDirectoryName(Json.Path)!;

    internal bool ForceZerosForEmptyPrompt => Json.Bool(Checkpoint.ForceZerosKey, IsXl);

    /// <summary>The names of its text encoders, in the order of their embeddings.</summary>
    internal IEnumerable<string> TextEncoders => IsXl ? ["text_encoder", "text_encoder_2"] : ["text_encoder"];

    private bool IsXl => ClassOf("text_encoder_2") is not null;

    internal static PipelineIndex Read(string folder) => new(JsonConfig.Read(System.IO.Path.Combine(folder, Name)));

    /// <summary>The class that the pipeline loads a part as; null for a part that it does without.</summary>
    internal string? ClassOf(string part) => Checkpoint.PartClass(Json, part);

    /// <summary>Its text, with a scheduler of diffusers of the class.</summary>
    internal string TextWith(string schedulerClass)
    {
        if (ClassOf(Scheduler) == schedulerClass)
            return Json.Text;
        var index = JsonNode.Parse(Json.Text)!;
        index[Scheduler] = new JsonArray("diffusers", schedulerClass);
        return index.ToJsonString(Indented);
    }

    private void Check(string part)
    {
        if (ClassOf(part) is not { } className || part == Scheduler || WithoutEffect.Contains(part))
            return;
        if (!Supported.TryGetValue(part, out var classes))
            throw new AuditException(
                $"'{Json.Path}' has the part '{part}' ({className}), which changes what the network predicts "
                    + "and is not supported; supported are pipelines of Stable Diffusion 1.x, 2.x and XL."
            );
        if (!classes.Contains(className))
            throw Json.Refuse(part, className, $"which is not supported; supported is {string.Join(" or ", classes)}");
    }
}
