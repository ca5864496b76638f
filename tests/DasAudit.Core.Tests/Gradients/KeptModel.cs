using DasAudit.Abstractions;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients;

/// <summary>A model that outlives the engine that takes it: engines dispose the models they load.</summary>
internal sealed class KeptModel(IDiffusionModel inner) : IDiffusionModel
{
    public nn.Module Network => inner.Network;

    public IForwardProcess Process => inner.Process;

    public ImageShape PictureShape => inner.PictureShape;

    public IReadOnlyList<string> Files => inner.Files;

    public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null) =>
        inner.Predict(noisy, timesteps, condition);

    public void Dispose() { }
}
