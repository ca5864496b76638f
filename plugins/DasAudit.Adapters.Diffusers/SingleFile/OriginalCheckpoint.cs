using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.Vae;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>
/// A model of Stable Diffusion 1.x, 2.x or XL in one file of the original layout: its configuration, and its weights
/// under the names that diffusers and transformers have for them.
/// </summary>
internal sealed class OriginalCheckpoint : IDisposable
{
    private readonly OriginalFile _file;

    private OriginalCheckpoint(OriginalFile file, OriginalConfiguration configuration)
    {
        _file = file;
        Configuration = configuration;
    }

    internal OriginalFamily Family => _file.Family;

    internal OriginalConfiguration Configuration { get; }

    /// <summary>Absolute paths of all files that decide what the model computes.</summary>
    internal IReadOnlyList<string> Files => [_file.Path, .. Configuration.Files];

    /// <summary>Whether a path is such a file, by its header.</summary>
    internal static bool Recognise(string path) => OriginalFile.Recognise(path);

    /// <summary>Opens a file, of which the header is read, and finds its configuration.</summary>
    /// <param name="asked">The path of a configuration; null for the one beside it or of a known family.</param>
    internal static OriginalCheckpoint Open(string path, string? asked)
    {
        var file = OriginalFile.Open(path);
        try
        {
            return new(file, OriginalConfiguration.Of(file, asked));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Fills the networks, which were built from the configuration. Whether all weights are there is checked before any
    /// is read.
    /// </summary>
    /// <param name="textEncoders">In the configuration's order.</param>
    /// <returns>Sentences on what else the file holds.</returns>
    internal IReadOnlyList<string> Fill(
        UNet2DConditionModel unet,
        AutoencoderKL vae,
        IReadOnlyList<nn.Module> textEncoders
    )
    {
        IEnumerable<(string Part, nn.Module Network, OriginalNames Names)> parts =
        [
            ("U-Net", unet, UnetNames.Of(unet.Config)),
            ("autoencoder", vae, VaeNames.Of(AutoencoderKLConfig.Read(Configuration.Vae))),
            .. textEncoders.Select((encoder, index) => ("text encoder", encoder, NamesOf(index))),
        ];
        var weights = new OriginalWeights(_file);
        foreach (var (part, network, names) in parts)
            weights.Add(part, network, names);
        weights.RefuseForeignInNetworks();
        weights.Fill();
        return weights.Notes();
    }

    public void Dispose() => _file.Dispose();

    private OriginalNames NamesOf(int index)
    {
        var encoder = _file.TextEncoders[index];
        return encoder.IsOpenClip
            ? TextEncoderNames.OfOpenClip(encoder, Configuration.TextEncoders[index].Read())
            : TextEncoderNames.OfClip(encoder);
    }
}
