using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Curvature;

/// <summary>
/// Gradients by the prediction of the loss against one target drawn from the model's own distribution. The loss
/// (1/d)·‖ε̂ − y‖² has the Hessian (2/d)·I in ε̂, so √(2/d)·ξ with ξ ~ N(0, I) has it as covariance, and the mean of
/// JᵀξξᵀJ·2/d is the Gauss–Newton matrix.
/// </summary>
/// <param name="picture">The picture's values: ξ is its own, whatever pictures come before it.</param>
internal sealed class SampledTarget(NoiseSource source, float[] picture)
{
    private readonly int _key = BitConverter.ToInt32(SHA256.HashData(MemoryMarshal.AsBytes<float>(picture)));

    /// <summary>√(2/d)·ξ of each row of a batch, of the shape of its target, in the caller's dispose scope.</summary>
    public Tensor Directions(NoisyBatch batch) => Directions(batch, [.. Enumerable.Repeat(this, batch.Rows)]);

    /// <summary>
    /// The same of a batch of several pictures, and zeros for its last rows, which fill it up; in the caller's dispose
    /// scope.
    /// </summary>
    /// <param name="targets">Of the picture of each row that counts.</param>
    public static Tensor Directions(NoisyBatch batch, IReadOnlyList<SampledTarget> targets)
    {
        var length = (int)(batch.Target.numel() / batch.Rows);
        var values = new float[batch.Rows * length];
        foreach (var (b, target) in targets.Index())
            target.Fill(batch.Passes[b], values.AsSpan(b * length, length));
        return tensor(values, batch.Target.shape).UploadTo(batch.Target.device) * MathF.Sqrt(2f / length);
    }

    private void Fill(Pass pass, Span<float> values) =>
        source.Normal(new(NoisePurpose.SampledTarget, pass.Timestep, unchecked(_key + pass.Replicate)), values);
}
