using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>Where the networks of a latent, text-conditioned model and their settings come from.</summary>
internal interface ILatentSource : IDisposable
{
    /// <summary>unet/config.json, or what stands for it.</summary>
    JsonConfig UnetConfig { get; }

    /// <summary>vae/config.json, or what stands for it.</summary>
    JsonConfig VaeConfig { get; }

    /// <summary>The text encoders, in the order in which their embeddings stand side by side.</summary>
    IReadOnlyList<TextEncoderPart> TextEncoders { get; }

    ChosenSchedule Schedule { get; }

    /// <summary>Whether an absent negative prompt means embeddings of zeros, not the empty prompt.</summary>
    bool ForceZerosForEmptyPrompt { get; }

    /// <summary>Absolute paths of all files that decide the predictions.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>Sentences on what no file states, and on what was passed over.</summary>
    IReadOnlyList<string> Assumptions { get; }

    /// <summary>Writes a trained U-Net with all that belongs to it; null if only a LoRA can be written.</summary>
    ITrainedWriter? Writer { get; }

    /// <summary>Fills the networks, which were built from the configurations.</summary>
    /// <param name="withUnet">Whether the U-Net is filled too; else its weights need not be there.</param>
    /// <returns>Sentences on what else was found with the weights.</returns>
    IReadOnlyList<string> Fill(LatentNetworks networks, bool withUnet);
}
