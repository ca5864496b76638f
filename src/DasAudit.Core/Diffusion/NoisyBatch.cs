using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>Noised versions of one picture in one forward pass: whole noise draws, or some timesteps of one.</summary>
/// <param name="Name">The picture, for messages.</param>
/// <param name="Noisy">x_t, float32 [B, C, H, W].</param>
/// <param name="Target">What the network should have predicted, float32 [B, C, H, W].</param>
/// <param name="Timesteps">int64 [B].</param>
/// <param name="Condition">Encoded condition, first dimension B; null if unconditional.</param>
/// <param name="Passes">Which pass each row is; length B.</param>
internal sealed record NoisyBatch(
    string Name,
    Tensor Noisy,
    Tensor Target,
    Tensor Timesteps,
    ConditionTensors? Condition,
    Pass[] Passes
)
{
    /// <summary>
    /// How much each place of the sample counts in what is asked of it, float32 [1, 1, H, W], 0 … 1; null where all
    /// count wholly.
    /// </summary>
    public Tensor? Region { get; init; }

    /// <summary>B.</summary>
    public int Rows => Passes.Length;

    /// <summary>One row as a batch of its own, of views that live in the caller's dispose scope.</summary>
    public NoisyBatch Row(int row) =>
        new(
            Name,
            Noisy.narrow(0, row, 1),
            Target.narrow(0, row, 1),
            Timesteps.narrow(0, row, 1),
            Condition?.Select(tensor => tensor.narrow(0, row, 1)),
            [Passes[row]]
        )
        {
            Region = Region,
        };
}
