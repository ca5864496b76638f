using DasAudit.Abstractions;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Diffusion;

/// <summary>A <see cref="TinyTextModel"/> that keeps the times at which it was asked.</summary>
internal sealed class TimesRecorder(SamplingSettings sampling) : IDiffusionModel, IConditioned
{
    private readonly TinyTextModel _model = new();

    /// <summary>Type and distinct values of the times of each call of <see cref="Predict"/>.</summary>
    public List<(ScalarType Type, double Time)> Asked { get; } = [];

    public nn.Module Network => _model.Network;

    public IForwardProcess Process => _model.Process;

    public SamplingSettings Sampling => sampling;

    public ImageShape PictureShape => _model.PictureShape;

    public ImageShape SampleShape => _model.SampleShape;

    public IReadOnlyList<string> Files => _model.Files;

    public ConditionKind Kind => _model.Kind;

    public Condition? Unconditional => _model.Unconditional;

    public ConditionTensors EncodeConditions(IReadOnlyList<Condition> conditions) =>
        _model.EncodeConditions(conditions);

    public Tensor Decode(Tensor samples) => _model.Decode(samples);

    public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null)
    {
        using var times = timesteps.to_type(float64);
        foreach (var time in times.data<double>().ToArray().Distinct())
            Asked.Add((timesteps.dtype, time));
        return _model.Predict(noisy, timesteps, condition);
    }

    public void Dispose() => _model.Dispose();
}
