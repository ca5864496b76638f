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
    /// How much each place of the sample counts in what is asked of it, float32 [1 or B, 1, H, W], 0 … 1; null where
    /// all count wholly.
    /// </summary>
    public Tensor? Region { get; init; }

    /// <summary>
    /// The same as <see cref="Noisy"/>, bit for bit, on the processor; null where that is not at hand.
    /// </summary>
    public Tensor? NoisyOnProcessor { get; init; }

    /// <summary>B.</summary>
    public int Rows => Passes.Length;

    /// <summary>One row as a batch of its own, of views that live in the caller's dispose scope.</summary>
    public NoisyBatch Row(int row) => Part(row, 1);

    /// <summary>The first rows as a batch of their own, of views that live in the caller's dispose scope.</summary>
    public NoisyBatch First(int rows) => rows == Rows ? this : Part(0, rows);

    /// <summary>The rows of batches, which all have a condition of one kind and a region or all have none.</summary>
    /// <remarks>The tensors live in the caller's dispose scope; the name is that of the first.</remarks>
    public static NoisyBatch Join(IReadOnlyList<NoisyBatch> batches)
    {
        var condition = batches[0].Condition;
        return new(
            batches[0].Name,
            cat([.. batches.Select(batch => batch.Noisy)]),
            cat([.. batches.Select(batch => batch.Target)]),
            cat([.. batches.Select(batch => batch.Timesteps)]),
            condition is null ? null : Join([.. batches.Select(batch => batch.Condition!)]),
            [.. batches.SelectMany(batch => batch.Passes)]
        )
        {
            Region = batches[0].Region is null ? null : cat([.. batches.Select(batch => batch.RegionOfRows())]),
            NoisyOnProcessor = batches[0].NoisyOnProcessor is null
                ? null
                : cat([.. batches.Select(batch => batch.NoisyOnProcessor!)]),
        };
    }

    /// <summary>The same rows and then the last again, up to a number of rows.</summary>
    public NoisyBatch FilledUpTo(int rows) =>
        rows == Rows ? this : Join([this, .. Enumerable.Repeat(Row(Rows - 1), rows - Rows)]);

    private NoisyBatch Part(int first, int rows) =>
        new(
            Name,
            Noisy.narrow(0, first, rows),
            Target.narrow(0, first, rows),
            Timesteps.narrow(0, first, rows),
            Condition?.Select(tensor => tensor.narrow(0, first, rows)),
            Passes[first..(first + rows)]
        )
        {
            Region = Region is { } region && region.shape[0] > 1 ? region.narrow(0, first, rows) : Region,
            NoisyOnProcessor = NoisyOnProcessor?.narrow(0, first, rows),
        };

    private static ConditionTensors Join(IReadOnlyList<ConditionTensors> conditions) =>
        new(conditions[0].Names.Select(name => (name, cat([.. conditions.Select(condition => condition[name])]))));

    private Tensor RegionOfRows() => Region!.expand([Rows, .. Region.shape[1..]]);
}
