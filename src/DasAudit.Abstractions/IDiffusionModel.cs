using static TorchSharp.torch;

namespace DasAudit.Abstractions;

/// <summary>
/// A diffusion model as attribution needs it: a network whose parameters are differentiated, its noise schedule, and
/// the way from a picture to the space that the network denoises.
/// </summary>
public interface IDiffusionModel : IDisposable
{
    /// <summary>The module whose parameters are attributed: in evaluation mode, on the adapter's device.</summary>
    nn.Module Network { get; }

    /// <summary>
    /// Bytes that all weights of this copy take in memory, those of encoders too. Default: those of
    /// <see cref="Network"/>.
    /// </summary>
    long WeightBytes => Network.parameters().Sum(parameter => parameter.numel() * parameter.ElementSize);

    /// <summary>
    /// Whether a parameter of <see cref="Network"/> is attributed when nothing is asked for: those of a LoRA alone,
    /// where there is one. Default: every one.
    /// </summary>
    /// <param name="name">As <c>named_parameters()</c> gives it.</param>
    bool IsAttributed(string name) => true;

    /// <summary>How samples are noised, and what <see cref="Predict"/> predicts.</summary>
    IForwardProcess Process { get; }

    /// <summary>
    /// A description of <see cref="Process"/>, and what states it. Default: null, the checkpoint.
    /// </summary>
    ScheduleOrigin? ScheduleOrigin => null;

    /// <summary>How the checkpoint's own scheduler samples.</summary>
    SamplingSettings Sampling => new();

    /// <summary>Shape of the pictures that <see cref="Encode"/> takes.</summary>
    ImageShape PictureShape { get; }

    /// <summary>Shape of what the network denoises: <see cref="PictureShape"/> unless it works on latents.</summary>
    ImageShape SampleShape => PictureShape;

    /// <summary>
    /// What height and width of a picture must be multiples of, for a model that also takes pictures of other shapes
    /// than <see cref="PictureShape"/>. Default: null, it takes that shape alone.
    /// </summary>
    int? SideMultiple => null;

    /// <summary>Absolute paths of all files that decide the predictions; reports hold their hashes.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>
    /// Plain sentences, each with its full stop, that say what decides the predictions and is not stated by the
    /// checkpoint, so that it was assumed. Reports repeat them. Default: none.
    /// </summary>
    IReadOnlyList<string> Assumptions => [];

    /// <summary>
    /// Maps pictures into the space that the network denoises, always alike: the identity for pixel models, the mode of
    /// the distribution for latents.
    /// </summary>
    /// <param name="pictures">float32 [N, C, H, W] of <see cref="PictureShape"/>, values in [−1, 1].</param>
    /// <returns>float32 [N, C', H', W'] of <see cref="SampleShape"/>; the caller disposes it.</returns>
    Tensor Encode(Tensor pictures) => pictures.alias();

    /// <summary>Maps samples back to pictures: the identity for pixel models.</summary>
    /// <param name="samples">float32 [N, C', H', W'] of <see cref="SampleShape"/>.</param>
    /// <returns>float32 [N, C, H, W], nominally in [−1, 1]; the caller disposes it.</returns>
    Tensor Decode(Tensor samples) => samples.alias();

    /// <summary>What <see cref="Process"/> says the network predicts; differentiable in its parameters.</summary>
    /// <param name="noisy">x_t, float32 [N, C', H', W'].</param>
    /// <param name="timesteps">
    /// int64 [N], each in [0, <see cref="IForwardProcess.TrainTimesteps"/>); or float32 [N] within the same range,
    /// where a sampler stops between two timesteps, as Euler's does over evenly spaced ones.
    /// </param>
    /// <param name="condition">From <see cref="IConditioned.EncodeConditions"/>; null if unconditional.</param>
    /// <returns>float32 [N, C', H', W']; the caller disposes it.</returns>
    Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null);
}
