using static TorchSharp.torch;

namespace DasAudit.Abstractions;

/// <summary>
/// A diffusion model as attribution needs it: a network whose parameters are differentiated, its noise schedule, and
/// the way from a picture to the space that the network denoises.
/// </summary>
public interface IDiffusionModel : IDisposable
{
    /// <summary>
    /// The module whose named parameters are attributed. In evaluation mode; on the device given to the adapter.
    /// </summary>
    nn.Module Network { get; }

    /// <summary>The forward process.</summary>
    NoiseSchedule Schedule { get; }

    /// <summary>What <see cref="Predict"/> predicts.</summary>
    PredictionType PredictionType { get; }

    /// <summary>How the checkpoint's own scheduler samples.</summary>
    SamplingSettings Sampling => new();

    /// <summary>Shape of the pictures that <see cref="Encode"/> takes.</summary>
    ImageShape PictureShape { get; }

    /// <summary>
    /// Shape of what the network denoises: <see cref="PictureShape"/> for pixel models, the latent shape otherwise.
    /// </summary>
    ImageShape SampleShape => PictureShape;

    /// <summary>
    /// Absolute paths of all files whose bytes decide the predictions (weights and configuration); they are hashed into
    /// the report.
    /// </summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>Maps pictures into the space that the network denoises: the identity for pixel models.</summary>
    /// <param name="pictures">float32 [N, C, H, W] of <see cref="PictureShape"/>, values in [−1, 1].</param>
    /// <returns>
    /// float32 [N, C', H', W'] of <see cref="SampleShape"/>; a new tensor or alias that the caller disposes.
    /// </returns>
    Tensor Encode(Tensor pictures) => pictures.alias();

    /// <summary>Maps samples back to pictures: the identity for pixel models.</summary>
    /// <param name="samples">float32 [N, C', H', W'] of <see cref="SampleShape"/>.</param>
    /// <returns>float32 [N, C, H, W], nominally in [−1, 1]; the caller disposes it.</returns>
    Tensor Decode(Tensor samples) => samples.alias();

    /// <summary>
    /// The network's prediction, in the parametrisation <see cref="PredictionType"/> says. Differentiable in the
    /// network's parameters.
    /// </summary>
    /// <param name="noisy">x_t, float32 [N, C', H', W'].</param>
    /// <param name="timesteps">int64 [N], each in [0, <see cref="NoiseSchedule.TrainTimesteps"/>).</param>
    /// <param name="condition">
    /// What <see cref="IConditioned.EncodeConditions"/> made, one row a sample; null for an unconditional model.
    /// </param>
    /// <returns>float32 [N, C', H', W']; the caller disposes it.</returns>
    Tensor Predict(Tensor noisy, Tensor timesteps, Tensor? condition = null);
}
