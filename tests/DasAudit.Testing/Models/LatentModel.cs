using DasAudit.Abstractions;
using static TorchSharp.torch;

namespace DasAudit.Testing;

/// <summary>
/// A <see cref="TinyUnet"/> on latents of 3×4×4, the means of the pixels of 3×8×8 pictures two by two.
/// </summary>
internal sealed class LatentModel(long seed = 3) : IDiffusionModel
{
    private readonly TinyUnet _inner = new(seed);

    public nn.Module Network => _inner.Network;

    public IForwardProcess Process => _inner.Process;

    public ImageShape PictureShape => new(3, 8, 8);

    public ImageShape SampleShape => new(3, 4, 4);

    public IReadOnlyList<string> Files => [];

    public Tensor Encode(Tensor pictures) => nn.functional.avg_pool2d(pictures, 2);

    public Tensor Decode(Tensor samples) => samples.repeat_interleave(2, 2).repeat_interleave(2, 3);

    public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null) =>
        _inner.Predict(noisy, timesteps, condition);

    public void Dispose() => _inner.Dispose();
}
