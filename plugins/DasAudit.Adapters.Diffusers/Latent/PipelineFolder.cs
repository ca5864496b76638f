using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.TextEncoders;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>
/// A pipeline folder of diffusers, and the U-Net that is meant: its own, or one that was trained from it.
/// </summary>
internal sealed class PipelineFolder : ILatentSource
{
    private readonly PipelineIndex _index;
    private readonly PipelinePart _unet;
    private readonly PipelinePart _vae;
    private readonly IReadOnlyList<PipelinePart> _encoders;
    private readonly IReadOnlyList<WeightFile> _weights;

    /// <param name="unet">Where the U-Net lies, if not in the pipeline; null if it does.</param>
    /// <param name="options">Whether weights are needed, and the schedule.</param>
    internal PipelineFolder(PipelineIndex index, PipelinePart? unet, ModelLoadOptions options)
    {
        _index = index;
        _unet = unet ?? PipelinePart.Find(index.Folder, "unet", WeightFile.Diffusers);
        _vae = PipelinePart.Find(index.Folder, "vae", WeightFile.Diffusers);
        _encoders =
        [
            .. index.TextEncoders.Select(name => PipelinePart.Find(index.Folder, name, WeightFile.Transformers)),
        ];
        UnetConfig = _unet.ReadConfig();
        VaeConfig = _vae.ReadConfig();
        TextEncoders = [.. index.TextEncoders.Zip(_encoders, Describe)];
        var checkpoint = new Checkpoint(index.Json, _unet.Folder, SchedulerFiles.OfPipeline(index.Folder));
        Schedule = ChosenSchedule.Of(checkpoint, options.Schedule);
        var isUntrained = options.UntrainedSeed is not null;
        var withWeights = isUntrained ? [_vae, .. _encoders] : (PipelinePart[])[_unet, _vae, .. _encoders];
        _weights = [.. withWeights.Select(part => part.FindWeights())];
        Writer = new LatentWriter(index, UnetConfig);
        Files =
        [
            index.Path,
            UnetConfig.Path,
            VaeConfig.Path,
            .. TextEncoders.Select(encoder => encoder.Config.Path),
            .. index.TextEncoders.SelectMany(name => ClipVocabulary.Files(TokenizerFolder(name))),
            .. Schedule.Origin.File is { } file ? [file] : Array.Empty<string>(),
            .. _weights.SelectMany(TensorFiles.Paths),
        ];
        Assumptions = Schedule.Assumptions;
    }

    public JsonConfig UnetConfig { get; }

    public JsonConfig VaeConfig { get; }

    public IReadOnlyList<TextEncoderPart> TextEncoders { get; }

    public ChosenSchedule Schedule { get; }

    public bool ForceZerosForEmptyPrompt => _index.ForceZerosForEmptyPrompt;

    public IReadOnlyList<string> Files { get; }

    public IReadOnlyList<string> Assumptions { get; }

    public ITrainedWriter? Writer { get; }

    public IReadOnlyList<string> Fill(LatentNetworks networks, bool withUnet)
    {
        if (withUnet)
            Fill(networks.Unet, _unet);
        Fill(networks.Vae, _vae);
        foreach (var (network, part) in networks.TextEncoders.Zip(_encoders))
            Fill(network, part);
        return [];
    }

    public void Dispose() { }

    private static void Fill(nn.Module network, PipelinePart part)
    {
        using var files = TensorFiles.Open(part.FindWeights());
        Weights.Load(network, files);
    }

    private TextEncoderPart Describe(string name, PipelinePart part)
    {
        var tokenizer = TokenizerFolder(name);
        if (!Directory.Exists(tokenizer))
            throw new AuditException(
                $"'{_index.Folder}' lacks the folder {Path.GetFileName(tokenizer)} with a part that the "
                    + "pipeline needs; get the whole pipeline."
            );
        return new(part.ReadConfig(), _index.ClassOf(name)!, ClipVocabulary.Read(tokenizer));
    }

    private string TokenizerFolder(string encoder) =>
        Path.Combine(_index.Folder, encoder.Replace("text_encoder", "tokenizer", StringComparison.Ordinal));
}
