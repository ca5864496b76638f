using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>Fixed inputs for any model: noise at three timesteps, under the plainest condition.</summary>
internal sealed class ModelProbe : IDisposable
{
    private readonly Device _device;

    internal ModelProbe(IDiffusionModel model, Device device)
    {
        Model = model;
        _device = device;
        using var scope = NewDisposeScope();
        var last = model.Process.TrainTimesteps - 1;
        Timesteps = tensor(new long[] { 0, last / 2, last }, device: device).DetachFromDisposeScope();
        Samples = Noise(model.SampleShape, 0).DetachFromDisposeScope();
    }

    internal IDiffusionModel Model { get; }

    /// <summary>int64 [3].</summary>
    internal Tensor Timesteps { get; }

    /// <summary>float32 [3, C', H', W'].</summary>
    internal Tensor Samples { get; }

    /// <summary>Standard normal [3, C, H, W], always the same for the same stream.</summary>
    internal Tensor Noise(ImageShape shape, int stream)
    {
        var source = new NoiseSource(stream);
        return stack([.. Enumerable.Range(0, 3).Select(i => source.Normal(new(NoisePurpose.Attribution, 0, i), shape))])
            .to(_device);
    }

    /// <summary>One condition a sample: class 0 and a short caption; null for an unconditional model.</summary>
    internal ConditionTensors? Condition(int count = 3) =>
        (Model as IConditioned)?.EncodeConditions([.. Enumerable.Repeat(new Condition(0, "a picture"), count)]);

    internal Tensor Predict(IDiffusionModel? model = null) => (model ?? Model).Predict(Samples, Timesteps, Condition());

    internal Tensor PredictOne(int index) =>
        Model.Predict(Samples.narrow(0, index, 1), Timesteps.narrow(0, index, 1), Condition(1));

    public void Dispose()
    {
        Samples.Dispose();
        Timesteps.Dispose();
    }
}
