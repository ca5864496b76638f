using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.SingleFile;
using DasAudit.Adapters.Diffusers.TextEncoders;
using DasAudit.Adapters.Diffusers.Vae;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.SingleFile;

/// <summary>The networks of a single file, built from its configuration and filled.</summary>
internal sealed class LoadedFile : IDisposable
{
    private readonly OriginalCheckpoint _checkpoint;

    internal LoadedFile(string path, string? configuration)
    {
        _checkpoint = OriginalCheckpoint.Open(path, configuration);
        Unet = new UNet2DConditionModel(UNet2DConditionConfig.Read(Configuration.Unet));
        Vae = new AutoencoderKL(AutoencoderKLConfig.Read(Configuration.Vae));
        TextEncoders = [.. Configuration.TextEncoders.Select(encoder => new ClipTextModel(encoder.Read()))];
        foreach (var parameter in Networks.SelectMany(network => network.parameters()))
            parameter.DetachFromDisposeScope();
        Notes = _checkpoint.Fill(Unet, Vae, TextEncoders);
        foreach (var network in Networks)
            ConvolutionLayout.UseChannelsLast(network);
    }

    internal OriginalFamily Family => _checkpoint.Family;

    internal OriginalConfiguration Configuration => _checkpoint.Configuration;

    internal IReadOnlyList<string> Files => _checkpoint.Files;

    internal IReadOnlyList<string> Notes { get; }

    internal UNet2DConditionModel Unet { get; }

    internal AutoencoderKL Vae { get; }

    internal IReadOnlyList<ClipTextModel> TextEncoders { get; }

    internal IEnumerable<nn.Module> Networks => [Unet, Vae, .. TextEncoders];

    public void Dispose()
    {
        foreach (var network in Networks)
            network.Dispose();
        _checkpoint.Dispose();
    }
}
