using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.TextEncoders;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>
/// A pipeline folder of diffusers, and the networks that are meant: its own, or some that were trained from it.
/// </summary>
internal sealed class PipelineFolder : ILatentSource
{
    private readonly PipelineIndex _index;
    private readonly WeightFile? _unetWeights;
    private readonly IReadOnlyList<WeightFile> _otherWeights;

    /// <param name="options">Whether weights are needed, and the schedule.</param>
    internal PipelineFolder(PipelineParts parts, ModelLoadOptions options)
    {
        var (index, unet, vae, encoders, notes) = parts;
        _index = index;
        UnetConfig = unet.ReadConfig();
        VaeConfig = vae.ReadConfig();
        TextEncoders = [.. index.TextEncoders.Zip(encoders, Describe)];
        var checkpoint = new Checkpoint(index.Json, unet.Folder, SchedulerFiles.OfPipeline(index.Folder));
        Schedule = ChosenSchedule.Of(checkpoint, options.Schedule);
        _unetWeights = options.UntrainedSeed is null ? unet.FindWeights() : null;
        _otherWeights = [vae.FindWeights(), .. encoders.Select(encoder => encoder.FindWeights())];
        Writer = new LatentWriter(parts, UnetConfig);
        Files =
        [
            index.Path,
            UnetConfig.Path,
            VaeConfig.Path,
            .. TextEncoders.Select(encoder => encoder.Config.Path),
            .. index.TextEncoders.SelectMany(name => ClipVocabulary.Files(TokenizerFolder(name))),
            .. Schedule.Origin.File is { } file ? [file] : Array.Empty<string>(),
            .. _unetWeights is null ? [] : TensorFiles.Paths(_unetWeights),
            .. _otherWeights.SelectMany(TensorFiles.Paths),
        ];
        Assumptions = [.. Schedule.Assumptions, .. notes];
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
            Fill(networks.Unet, _unetWeights!);
        foreach (var (network, weights) in networks.All.Skip(1).Zip(_otherWeights))
            Fill(network, weights);
        return [];
    }

    public void Dispose() { }

    private static void Fill(nn.Module network, WeightFile weights)
    {
        using var files = TensorFiles.Open(weights);
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
