using DasAudit.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Conformance;

/// <summary>A small latent model of prompts with a LoRA, as a reference run of it can be compared with.</summary>
internal sealed class ReferenceModel : IDiffusionModel, IConditioned, IReferenceOutputs
{
    private readonly Net _network;
    private readonly double? _loraWeight;

    public ReferenceModel(LoraFile? lora)
    {
        _loraWeight = lora?.Weight;
        Files = [typeof(ReferenceModel).Assembly.Location, .. lora is null ? [] : new[] { lora.Path }];
        _network = new(lora is not null);
        _network.eval();
    }

    public nn.Module Network => _network;

    public IForwardProcess Process { get; } = new DiscreteDiffusion(NoiseSchedule.Linear(100), PredictionType.Velocity);

    public ImageShape PictureShape => new(3, 8, 8);

    public ImageShape SampleShape => new(3, 4, 4);

    public IReadOnlyList<string> Files { get; }

    public ConditionKind Kind => ConditionKind.Text;

    public bool IsAttributed(string name) => _loraWeight is null || name.Contains("lora_", StringComparison.Ordinal);

    public ConditionTensors EncodeConditions(IReadOnlyList<Condition> conditions) =>
        new(("encoder_hidden_states", zeros(conditions.Count, 2, 3)), ("time_ids", ones(conditions.Count, 6)));

    public Tensor Encode(Tensor pictures) => nn.functional.avg_pool2d(pictures, 2) * 0.5;

    public Tensor Decode(Tensor samples) => samples.repeat_interleave(2, 2).repeat_interleave(2, 3) * 2;

    public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null) =>
        _network.Of(noisy, condition!["encoder_hidden_states"], condition["time_ids"], _loraWeight ?? 0);

    public Tensor? Compute(string name, IReadOnlyDictionary<string, Tensor> inputs) =>
        name switch
        {
            "text/last_hidden_state" => inputs["text/input_ids"].to_type(float32).unsqueeze(-1).expand(-1, -1, 3) / 10,
            "vae/mean" => Encode(inputs["vae/image"]) * 2,
            _ => null,
        };

    public void Dispose() => _network.Dispose();

    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Linear to_q = nn.Linear(3, 3);
        private readonly Parameter? _down;
        private readonly Parameter? _up;

        public Net(bool withLora)
            : base(nameof(ReferenceModel))
        {
            RegisterComponents();
            using var noGradient = no_grad();
            to_q.weight!.copy_(linspace(-1, 1, 9).view(3, 3));
            to_q.bias!.copy_(linspace(0.1, 0.4, 3));
            if (!withLora)
                return;
            // B before A: not the order of golden.json.
            var lora = new Adapter("lora_B", linspace(0.5, 2, 6).view(3, 2), out _up);
            var first = new Adapter("lora_A", linspace(1, -0.5, 6).view(2, 3), out _down);
            to_q.register_module("lora_B", lora);
            to_q.register_module("lora_A", first);
        }

        public Tensor Of(Tensor noisy, Tensor text, Tensor ids, double weight)
        {
            var pixels =
                noisy.permute(0, 2, 3, 1) + text.mean([1L]).view(-1, 1, 1, 3) + ids.mean([1L]).view(-1, 1, 1, 1);
            var output = to_q.call(pixels);
            if (_down is not null && _up is not null)
                output = output + weight * pixels.matmul(_down.t()).matmul(_up.t());
            return output.permute(0, 3, 1, 2);
        }

        public override Tensor forward(Tensor input) => throw new NotSupportedException();
    }

    // PEFT's names: to_q.lora_A.default.weight.
    private sealed class Adapter : nn.Module
    {
        public Adapter(string name, Tensor weight, out Parameter parameter)
            : base(name)
        {
            parameter = new Parameter(weight.clone());
            register_module("default", new Inner(parameter));
        }

        private sealed class Inner : nn.Module
        {
            public Inner(Parameter weight)
                : base("default") => register_parameter("weight", weight);
        }
    }
}
