using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.SingleFile;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>A model in one file of the original layout.</summary>
internal sealed class SingleFileSource : ILatentSource
{
    private readonly OriginalCheckpoint _checkpoint;

    internal SingleFileSource(string path, ModelLoadOptions options)
    {
        if (options.UntrainedSeed is not null)
            throw new AuditException(
                $"'{path}' is a single file, into which no trained model can be written back; train a LoRA of it, or "
                    + "give the folder of a diffusers pipeline."
            );
        _checkpoint = OriginalCheckpoint.Open(path, options.ModelConfig);
        try
        {
            TextEncoders =
            [
                .. Configuration.TextEncoders.Select(encoder => new TextEncoderPart(
                    encoder.Config,
                    encoder.ClassName,
                    encoder.ReadVocabulary()
                )),
            ];
            Schedule = ChosenSchedule.Of(
                Configuration.Scheduler,
                Configuration.SchedulerFile,
                Configuration.SchedulerNote,
                options.Schedule
            );
        }
        catch
        {
            _checkpoint.Dispose();
            throw;
        }
    }

    public JsonConfig UnetConfig => Configuration.Unet;

    public JsonConfig VaeConfig => Configuration.Vae;

    public IReadOnlyList<TextEncoderPart> TextEncoders { get; }

    public ChosenSchedule Schedule { get; }

    public bool ForceZerosForEmptyPrompt =>
        Configuration.ForceZerosForEmptyPrompt ?? _checkpoint.Family == OriginalFamily.StableDiffusionXl;

    public IReadOnlyList<string> Files =>
        Schedule.Origin is { Source: ScheduleSource.Request, File: { } file }
            ? [.. _checkpoint.Files, file]
            : _checkpoint.Files;

    public IReadOnlyList<string> Assumptions => [.. Configuration.Assumptions, .. Schedule.Assumptions];

    public ITrainedWriter? Writer => null;

    private OriginalConfiguration Configuration => _checkpoint.Configuration;

    public IReadOnlyList<string> Fill(LatentNetworks networks, bool withUnet) =>
        _checkpoint.Fill(networks.Unet, networks.Vae, networks.TextEncoders);

    public void Dispose() => _checkpoint.Dispose();
}
