using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.Lora;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>
/// Stable Diffusion 1.x, 2.x or SDXL, with or without LoRAs: a U-Net that denoises the latents of an autoencoder under
/// the embeddings of a prompt. The network is the U-Net; where a LoRA changes text encoders too, they belong to it, and
/// conditions are tokens instead of embeddings.
/// </summary>
internal sealed class LatentDiffusionModel : IDiffusionModel, IConditioned, ITrainable, IReferenceOutputs
{
    private readonly LatentParts _parts;
    private readonly UNet2DConditionModel _unet;
    private readonly HashSet<string> _attributed;
    private readonly bool _differentiatesText;
    private readonly string? _unreached;

    internal LatentDiffusionModel(LatentParts parts)
    {
        _parts = parts;
        _unet = parts.Networks.Unet;
        _attributed = [.. parts.AttributedLoras.Select(lora => lora.Name)];
        _differentiatesText = parts
            .AttributedLoras.SelectMany(lora => lora.Changes)
            .Any(change => change.Place.Component != LoraComponent.Unet);
        Network = _differentiatesText ? new LatentNetwork(parts.Networks) : _unet;
        Network.eval();
        // SDXL takes of the first encoder what leaves the last layer but one.
        if (_unet.TakesAddedConditions)
            _unreached = $"{LoraComponent.TextEncoder}.{parts.Networks.TextEncoders[0].LastLayer}.";
    }

    public nn.Module Network { get; }

    public IForwardProcess Process => _parts.Schedule.Config.Process;

    public ScheduleOrigin? ScheduleOrigin => _parts.Schedule.Origin;

    // What the pipelines of diffusers guide by where nothing else is said.
    public SamplingSettings Sampling =>
        _parts.Schedule.Config.Sampling with
        {
            Guidance = _unet.TakesAddedConditions ? 5 : 7.5,
        };

    public ImageShape PictureShape => _parts.Sizes.Picture;

    public ImageShape SampleShape => _parts.Sizes.Sample;

    public int? SideMultiple => _parts.Sizes.SideMultiple;

    public IReadOnlyList<string> Files => _parts.Files;

    public IReadOnlyList<string> Assumptions => _parts.Assumptions;

    public ConditionKind Kind => ConditionKind.Text;

    public Condition? Unconditional => Condition.None;

    public long WeightBytes => _parts.Networks.WeightBytes;

    private Device Device => _unet.parameters().First().device;

    public bool IsAttributed(string name)
    {
        if (_attributed.Count == 0)
            return true;
        var isReached = _unreached is null || !name.StartsWith(_unreached, StringComparison.Ordinal);
        return isReached && LoraNames.IsOf(name, _attributed);
    }

    public Tensor Encode(Tensor pictures) => _parts.Networks.Vae.Encode(pictures);

    public Tensor Decode(Tensor samples) => _parts.Networks.Vae.Decode(samples);

    public IReadOnlyList<string> Notes(Condition condition) =>
        condition.Caption is { } prompt ? _parts.Prompts.Notes(prompt) : [];

    public ConditionTensors EncodeConditions(IReadOnlyList<Condition> conditions)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var device = Device;
        List<(string Name, Tensor Tensor)> tensors = [.. _parts.Prompts.Tokens(conditions, device)];
        if (!_differentiatesText)
        {
            var text = _parts.Prompts.Encode(new(tensors));
            tensors = [(ConditionNames.Text, text.Tokens)];
            if (text.Pooled is { } pooled)
                tensors.Add((ConditionNames.PooledText, pooled));
        }

        if (_unet.TakesAddedConditions)
            tensors.Add((ConditionNames.TimeIds, stack(conditions.Select(TimeIds)).to(device)));
        return new(tensors.Select(named => (named.Name, named.Tensor.MoveToOuterDisposeScope())));
    }

    public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null)
    {
        if (condition is null)
            throw new ArgumentNullException(nameof(condition), "The model is conditioned on a prompt.");
        using var scope = NewDisposeScope();
        // Embeddings are taken as they are, whoever made them.
        var isEncoded = condition.Names.Contains(ConditionNames.Text);
        var text = isEncoded ? Embeddings(condition) : _parts.Prompts.Encode(condition);
        var added = _unet.TakesAddedConditions
            ? new AddedConditions(text.Pooled!, condition[ConditionNames.TimeIds])
            : null;
        return _unet.call(noisy, timesteps, text.Tokens, added).MoveToOuterDisposeScope();
    }

    public Tensor? Compute(string name, IReadOnlyDictionary<string, Tensor> inputs) =>
        new ReferenceOutputs(_parts.Networks, inputs).Of(name);

    /// <summary>Writes the LoRA that was trained, or the pipeline with the trained U-Net.</summary>
    public void Save(string folder, bool halfPrecision = false)
    {
        if (_parts.Writer is null)
            throw new AuditException(
                "A single file cannot be written back; train a LoRA of it, or give the folder of a diffusers pipeline."
            );
        _parts.Writer.Write(_parts, folder, halfPrecision);
    }

    public void Dispose() => _parts.Networks.Dispose();

    private TextEmbeddings Embeddings(ConditionTensors condition) =>
        new(condition[ConditionNames.Text], _unet.TakesAddedConditions ? condition[ConditionNames.PooledText] : null);

    // A picture whose framing nobody tells is a whole one of the model's size.
    private Tensor TimeIds(Condition condition)
    {
        var (height, width) = (PictureShape.Height, PictureShape.Width);
        var framing = condition.Framing ?? new(height, width, 0, 0);
        return tensor([
            (float)framing.OriginalHeight,
            framing.OriginalWidth,
            framing.CropTop,
            framing.CropLeft,
            framing.TargetHeight ?? height,
            framing.TargetWidth ?? width,
        ]);
    }
}
