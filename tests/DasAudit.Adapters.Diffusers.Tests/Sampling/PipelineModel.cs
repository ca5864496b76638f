using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.TextEncoders;
using DasAudit.Adapters.Diffusers.Vae;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Sampling;

/// <summary>
/// A golden's networks as one model, its prompts tokenized by the reference library. No condition is zeros for SDXL,
/// and the empty prompt, which is the third of its golden, for Stable Diffusion.
/// </summary>
internal sealed class PipelineModel : IDiffusionModel, IConditioned
{
    private readonly NetworkGolden _golden;
    private readonly UNet2DConditionModel _unet;
    private readonly AutoencoderKL _vae;
    private readonly ClipTextModel _first;
    private readonly ClipTextModel? _second;

    internal PipelineModel(NetworkGolden golden, bool isXl)
    {
        (_golden, _unet, _vae, _first) = (golden, golden.Unet(), golden.Vae(), golden.TextEncoder());
        _second = isXl ? golden.TextEncoder("text_encoder_2") : null;
        Sampling = new()
        {
            Sampler = isXl ? SamplerKind.Euler : SamplerKind.Ddim,
            ClipSample = false,
            SetAlphaToOne = false,
            StepsOffset = 1,
            Guidance = 5,
        };
    }

    public nn.Module Network => _unet;

    public IForwardProcess Process { get; } =
        new DiscreteDiffusion(NoiseSchedule.ScaledLinear(1000), PredictionType.Epsilon);

    public SamplingSettings Sampling { get; }

    public ImageShape PictureShape => new(3, 32, 32);

    public ImageShape SampleShape => new(4, 16, 16);

    public IReadOnlyList<string> Files => [];

    public ConditionKind Kind => ConditionKind.Text;

    public Condition? Unconditional => Condition.None;

    public Tensor Encode(Tensor pictures) => _vae.Encode(pictures);

    public Tensor Decode(Tensor samples) => _vae.Decode(samples);

    public ConditionTensors EncodeConditions(IReadOnlyList<Condition> conditions)
    {
        var rows = conditions.Select(condition => _second is null ? Encode(condition) : EncodeXl(condition)).ToList();
        return new(rows[0].Keys.Select(name => (name, cat([.. rows.Select(row => row[name])]))));
    }

    public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null) =>
        _unet.call(
            noisy,
            timesteps,
            condition!["text"],
            _second is null ? null : new AddedConditions(condition["text_embeds"], condition["time_ids"])
        );

    /// <summary>Adds the matrices of a LoRA in PEFT's style to the network's: W + B·A.</summary>
    internal void Merge(string path)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(path);
        var parameters = _unet.named_parameters().ToDictionary(named => named.name, named => named.parameter);
        foreach (var down in file.Names.Where(name => name.EndsWith(".lora_A.weight", StringComparison.Ordinal)))
        {
            var up = down.Replace("lora_A", "lora_B", StringComparison.Ordinal);
            var name = down["unet.".Length..].Replace(".lora_A", "", StringComparison.Ordinal);
            parameters[name].add_(file.Read(up).matmul(file.Read(down)));
        }
    }

    public void Dispose() { }

    private Dictionary<string, Tensor> Encode(Condition condition)
    {
        var row = condition.IsNone ? 2 : Array.IndexOf(_golden.Prompts, condition.Caption);
        return new() { ["text"] = _first.call(_golden["text/input_ids"].narrow(0, row, 1)).LastHiddenState };
    }

    private Dictionary<string, Tensor> EncodeXl(Condition condition)
    {
        var row = condition.IsNone ? 0 : Array.IndexOf(_golden.Prompts, condition.Caption);
        var (first, second) = (
            _first.call(_golden["text/input_ids"].narrow(0, row, 1)),
            _second!.call(_golden["text/input_ids_2"].narrow(0, row, 1))
        );
        var text = cat([first.Penultimate, second.Penultimate], -1);
        return new()
        {
            ["text"] = condition.IsNone ? zeros_like(text) : text,
            ["text_embeds"] = condition.IsNone ? zeros_like(second.Pooled) : second.Pooled,
            ["time_ids"] = tensor(new float[] { 32, 32, 0, 0, 32, 32 }).unsqueeze(0),
        };
    }
}
