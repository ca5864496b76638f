using System.Runtime.InteropServices;
using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests;

/// <summary>A <see cref="TinyUnet"/> that fails as a device does whose memory is too little for so many rows.</summary>
internal sealed class LimitedModel(int rows) : IDiffusionModel
{
    private readonly TinyUnet _model = new();

    public nn.Module Network => _model.Network;

    public IForwardProcess Process => _model.Process;

    public ImageShape PictureShape => _model.PictureShape;

    public IReadOnlyList<string> Files => [];

    public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null) =>
        noisy.shape[0] > rows
            ? throw new OutOfMemory("CUDA out of memory. Tried to allocate 2.00 GiB")
            : _model.Predict(noisy, timesteps, condition);

    public void Dispose() => _model.Dispose();

    /// <summary>What TorchSharp throws is of this kind.</summary>
    private sealed class OutOfMemory(string message) : ExternalException(message);
}
