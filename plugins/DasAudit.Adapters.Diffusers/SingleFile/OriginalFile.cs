using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Safetensors;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>A file in the layout of Stable Diffusion's authors, of which the header alone has been read.</summary>
internal sealed class OriginalFile : IDisposable
{
    private const string FirstConvolution = $"{UnetNames.Prefix}input_blocks.0.0.weight";
    private const string OnlyEncoder = "cond_stage_model.";
    private const string FirstEncoder = "conditioner.embedders.0.";
    private const string SecondEncoder = "conditioner.embedders.1.";

    private OriginalFile(SafetensorsFile file)
    {
        File = file;
        RefuseOtherModels();
        Family = FamilyOf();
        TextEncoders = Encoders();
        RefuseOtherInputs();
    }

    internal SafetensorsFile File { get; }

    internal string Path => File.Path;

    internal OriginalFamily Family { get; }

    internal bool IsXl => Family == OriginalFamily.StableDiffusionXl;

    /// <summary>In the order in which their embeddings stand side by side.</summary>
    internal IReadOnlyList<OriginalTextEncoder> TextEncoders { get; }

    /// <summary>Width of the U-Net's first level.</summary>
    internal long ModelChannels => File.Get(FirstConvolution).Shape[0];

    /// <summary>Width of the text that the U-Net attends to; null if it attends to none.</summary>
    internal long? ContextWidth =>
        File.Names.FirstOrDefault(IsTextKey) is { } name && File.Get(name).Shape is { Count: 2 } shape
            ? shape[1]
            : null;

    /// <summary>
    /// Whether a path is such a file, by its header. One whose header cannot be read counts, if nothing beside it
    /// describes it: opening it says what is damaged.
    /// </summary>
    internal static bool Recognise(string path)
    {
        if (!path.EndsWith(".safetensors", StringComparison.Ordinal) || !System.IO.File.Exists(path))
            return false;
        try
        {
            using var file = SafetensorsFile.Open(path);
            return file.TryGet(FirstConvolution, out _);
        }
        catch (AuditException)
        {
            return !System.IO.File.Exists(
                System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path) ?? "", "config.json")
            );
        }
    }

    /// <summary>Opens a file; models other than Stable Diffusion 1.x, 2.x and XL are refused by name.</summary>
    internal static OriginalFile Open(string path)
    {
        var file = SafetensorsFile.Open(System.IO.Path.GetFullPath(path));
        try
        {
            return new OriginalFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal bool Has(string name) => File.TryGet(name, out _);

    public void Dispose() => File.Dispose();

    private static bool IsTextKey(string name) =>
        name.StartsWith(UnetNames.Prefix, StringComparison.Ordinal)
        && name.EndsWith(".attn2.to_k.weight", StringComparison.Ordinal);

    private bool HasAny(string prefix) => File.Names.Any(name => name.StartsWith(prefix, StringComparison.Ordinal));

    private void RefuseOtherModels()
    {
        if (!Has(FirstConvolution))
            throw new AuditException(
                $"'{Path}' holds no U-Net in the layout of Stable Diffusion ({FirstConvolution}); give a file of "
                    + "Stable Diffusion 1.x, 2.x or XL."
            );
        if (Array.Find(["edm_mean", "edm_vpred.sigma_max"], Has) is { } key)
            throw new AuditException(
                $"'{Path}' is of a model with another forward process (its tensor {key} says EDM), which is not "
                    + "supported; supported are models with the schedule of Stable Diffusion."
            );
        var isRefiner = HasAny($"{FirstEncoder}model.") && !HasAny(SecondEncoder);
        if (isRefiner)
            throw new AuditException(
                $"'{Path}' is SDXL's refiner, which is not supported; give the base model that the pictures began with."
            );
    }

    private OriginalFamily FamilyOf()
    {
        if (HasAny(SecondEncoder))
            return OriginalFamily.StableDiffusionXl;
        if (HasAny($"{OnlyEncoder}model."))
            return OriginalFamily.StableDiffusion2;
        if (HasAny($"{OnlyEncoder}transformer."))
            return OriginalFamily.StableDiffusion1;
        throw new AuditException(
            $"'{Path}' holds a U-Net but no text encoder ({OnlyEncoder}… or {SecondEncoder}…); give a file of the "
                + "whole model."
        );
    }

    private List<OriginalTextEncoder> Encoders() =>
        Family switch
        {
            OriginalFamily.StableDiffusion1 => [new(File, "text_encoder", $"{OnlyEncoder}transformer.", false)],
            OriginalFamily.StableDiffusion2 => [new(File, "text_encoder", $"{OnlyEncoder}model.", true)],
            _ =>
            [
                new(File, "text_encoder", $"{FirstEncoder}transformer.", false),
                new(File, "text_encoder_2", $"{SecondEncoder}model.", true),
            ],
        };

    // A U-Net that takes more than the noisy latents belongs to another task.
    private void RefuseOtherInputs()
    {
        const int LatentChannels = 4;
        if (File.Get(FirstConvolution).Shape is not { Count: 4 } shape)
            throw new AuditException(
                $"'{Path}' holds the tensor '{FirstConvolution}', which is no kernel of a convolution; get the file "
                    + "again."
            );
        var task = shape[1] switch
        {
            LatentChannels => null,
            5 => "a model guided by depth",
            8 => "a model that edits pictures",
            9 => "an inpainting model",
            _ => "a model of another task",
        };
        if (task is not null)
            throw new AuditException(
                $"'{Path}' is {task} (its U-Net takes {shape[1]} channels, not {LatentChannels}), which is not "
                    + "supported; give the model that makes pictures from text alone."
            );
    }
}
