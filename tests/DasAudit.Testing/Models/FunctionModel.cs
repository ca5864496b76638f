using DasAudit.Abstractions;
using static TorchSharp.torch;

namespace DasAudit.Testing;

/// <summary>Any network under any forward function of (noisy, timesteps, condition).</summary>
internal sealed class FunctionModel(
    nn.Module network,
    ImageShape shape,
    Func<Tensor, Tensor, ConditionTensors?, Tensor> predict
) : IDiffusionModel
{
    public nn.Module Network => network;

    public IForwardProcess Process { get; } = new DiscreteDiffusion(NoiseSchedule.Linear(1000), PredictionType.Epsilon);

    public ImageShape PictureShape => shape;

    public IReadOnlyList<string> Files => [];

    public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null)
    {
        using var scope = NewDisposeScope();
        return predict(noisy, timesteps, condition).MoveToOuterDisposeScope();
    }

    public void Dispose() => network.Dispose();
}
