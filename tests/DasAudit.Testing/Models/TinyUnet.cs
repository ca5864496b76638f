using DasAudit.Abstractions;
using DasAudit.Safetensors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Testing;

/// <summary>
/// A small convolutional noise predictor for 3×8×8 pictures, trainable, with seeded weights; with hooks bypassed its
/// gradients can only be had one by one.
/// </summary>
internal sealed class TinyUnet : IDiffusionModel, ITrainable
{
    private readonly ConvNet _network;

    public TinyUnet(
        long seed = 0,
        PredictionType type = PredictionType.Epsilon,
        bool channelsLast = true,
        bool bypassHooks = false
    )
    {
        Process = new DiscreteDiffusion(NoiseSchedule.Linear(1000), type);
        var noise = new DasAudit.Core.Diffusion.NoiseSource(seed);
        _network = new ConvNet(bypassHooks);
        if (channelsLast)
            DasAudit.Core.Torch.ConvolutionLayout.UseChannelsLast(_network);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var index = 0;
        foreach (var parameter in _network.parameters())
        {
            var values = new float[parameter.numel()];
            noise.Normal(new(DasAudit.Core.Diffusion.NoisePurpose.SamplingStart, 0, index++), values);
            parameter.copy_(tensor(values).view_as(parameter) * 0.2);
        }
    }

    public nn.Module Network => _network;

    public IForwardProcess Process { get; }

    public ImageShape PictureShape => new(3, 8, 8);

    public IReadOnlyList<string> Files => [];

    public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null) =>
        _network.call(noisy, timesteps);

    public void Save(string folder, bool halfPrecision = false) =>
        SafetensorsWriter.Write(
            Path.Combine(folder, "weights.safetensors"),
            _network.named_parameters().Select(p => (p.name, (Tensor)p.parameter))
        );

    public void Dispose() => _network.Dispose();

    private sealed class ConvNet : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly Conv2d _first = nn.Conv2d(3, 8, 3, padding: 1);
        private readonly Linear _time = nn.Linear(2, 8);
        private readonly Conv2d _last = nn.Conv2d(8, 3, 3, padding: 1);

        private readonly bool _bypassHooks;

        public ConvNet(bool bypassHooks)
            : base("convnet")
        {
            _bypassHooks = bypassHooks;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input, Tensor timesteps)
        {
            using var scope = NewDisposeScope();
            var time = timesteps.to_type(float32) / 1000;
            var embedding = _time.call(stack([time, time.square()], 1)).unsqueeze(-1).unsqueeze(-1);
            var hidden = nn.functional.silu(_first.call(input) + embedding);
            return (_bypassHooks ? _last.forward(hidden) : _last.call(hidden)).MoveToOuterDisposeScope();
        }
    }
}
