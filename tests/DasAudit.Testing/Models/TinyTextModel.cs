using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Safetensors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Testing;

/// <summary>
/// A small model of 1×4×4 latents of 3×8×8 pictures, conditioned on text, with a LoRA on a base that stays. It counts
/// how often it encodes.
/// </summary>
/// <param name="trainsText">Whether the text's embedding depends on a parameter of the LoRA.</param>
/// <param name="hasLora">Whether there is a LoRA, so that it alone is trained.</param>
internal sealed class TinyTextModel(
    bool trainsText = false,
    bool hasLora = true,
    bool knowsNone = true,
    PredictionType type = PredictionType.Epsilon
) : IDiffusionModel, ITrainable, IConditioned
{
    private const int Width = 4;

    private readonly TextNetwork _network = new();

    public int EncodedPictures { get; private set; }

    public int EncodedConditions { get; private set; }

    public nn.Module Network => _network;

    public bool IsAttributed(string name) => !hasLora || name.StartsWith("lora", StringComparison.Ordinal);

    public IForwardProcess Process { get; } = new DiscreteDiffusion(NoiseSchedule.ScaledLinear(1000), type);

    public SamplingSettings Sampling { get; init; } = new() { ClipSample = false, Guidance = 3 };

    public ImageShape PictureShape => new(3, 8, 8);

    public ImageShape SampleShape => new(1, 4, 4);

    public IReadOnlyList<string> Files => [];

    public ConditionKind Kind => ConditionKind.Text;

    public Condition? Unconditional => knowsNone ? Condition.None : null;

    public IReadOnlyList<string> Notes(Condition condition) =>
        condition.Caption is { Length: > 12 } text ? [$"'{text[12..]}' is cut off."] : [];

    public Tensor Encode(Tensor pictures)
    {
        EncodedPictures += (int)pictures.shape[0];
        using var scope = NewDisposeScope();
        return nn.functional.avg_pool2d(pictures.mean([1], keepdim: true), 2).MoveToOuterDisposeScope();
    }

    public Tensor Decode(Tensor samples)
    {
        using var scope = NewDisposeScope();
        var squashed = (samples / 20).tanh();
        return nn
            .functional.interpolate(squashed, scale_factor: [2, 2])
            .expand(-1, 3, -1, -1)
            .MoveToOuterDisposeScope();
    }

    public ConditionTensors EncodeConditions(IReadOnlyList<Condition> conditions)
    {
        EncodedConditions += conditions.Count;
        using var scope = NewDisposeScope();
        var text = stack(conditions.Select(Embed));
        if (trainsText)
            text = text * _network.lora_text;
        return new(("text", text.MoveToOuterDisposeScope()));
    }

    public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null) =>
        _network.call(noisy, timesteps, condition!["text"]);

    public void Save(string folder, bool halfPrecision = false) =>
        SafetensorsWriter.Write(
            Path.Combine(folder, "lora.safetensors"),
            _network
                .named_parameters()
                .Where(named => IsAttributed(named.name))
                .Select(named => (named.name, (Tensor)named.parameter))
        );

    public void Dispose() => _network.Dispose();

    private static Tensor Embed(Condition condition)
    {
        var values = new float[Width];
        if (!condition.IsNone)
            new NoiseSource((condition.Caption ?? "").Sum(letter => letter)).Normal(
                new(NoisePurpose.Probe, 0, 0),
                values
            );
        return tensor(values);
    }

    private sealed class TextNetwork : nn.Module<Tensor, Tensor, Tensor, Tensor>
    {
        internal readonly Parameter lora_text;
        private readonly Linear @base = nn.Linear(16 + 1 + Width, 16);
        private readonly Linear lora_down = nn.Linear(16 + 1 + Width, 2, hasBias: false);
        private readonly Linear lora_up = nn.Linear(2, 16, hasBias: false);

        internal TextNetwork()
            : base(nameof(TextNetwork))
        {
            lora_text = new Parameter(ones(Width));
            RegisterComponents();
            using var noGradient = no_grad();
            foreach (var (index, (name, parameter)) in named_parameters().Index())
            {
                if (name == "lora_text")
                    continue;
                var values = new float[parameter.numel()];
                new NoiseSource(3).Normal(new(NoisePurpose.SamplingStart, 0, index), values);
                using var drawn = tensor(values).view(parameter.shape);
                parameter.copy_(drawn * 0.2);
            }
        }

        public override Tensor forward(Tensor noisy, Tensor timesteps, Tensor text)
        {
            using var scope = NewDisposeScope();
            var time = timesteps.to_type(float32).unsqueeze(1) / 1000;
            var input = cat([noisy.flatten(1), time, text], 1);
            var output = @base.call(input) + lora_up.call(lora_down.call(input));
            return output.view(noisy.shape).MoveToOuterDisposeScope();
        }
    }
}
