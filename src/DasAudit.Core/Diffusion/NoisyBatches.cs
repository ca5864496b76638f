using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>Makes the batches of noised pictures. Every picture meets the same noise (common random numbers).</summary>
/// <param name="timesteps">The grid of K timesteps.</param>
/// <param name="replicates">R, the number of noise draws.</param>
/// <param name="firstReplicate">The number of the first noise draw.</param>
internal sealed class NoisyBatches(
    IDiffusionModel model,
    int[] timesteps,
    int replicates,
    NoiseSource source,
    int firstReplicate = 0
)
{
    public IDiffusionModel Model => model;

    public int[] Timesteps => timesteps;

    public int Replicates => replicates;

    /// <summary>A picture's K·R passes in batches of at most so many rows.</summary>
    public IEnumerable<BatchPlan> Plans(int rows) => BatchPlan.Cut(timesteps.Length, replicates, rows);

    /// <summary>Rows of the largest batch of a picture, if batches have at most so many.</summary>
    public int LargestBatch(int rows) => Plans(rows).Max(plan => plan.Rows);

    /// <summary>The rows of a picture that a plan names; tensors belong to the caller's dispose scope.</summary>
    /// <param name="clean">x₀, float32 [1, C, H, W], or one for each timestep of the grid, [K, C, H, W].</param>
    /// <param name="condition">Encoded condition, first dimension 1; null if unconditional.</param>
    /// <param name="noise">What <see cref="Noise(BatchPlan, Tensor)"/> gives; null to make it.</param>
    public NoisyBatch Create(
        string name,
        Tensor clean,
        ConditionTensors? condition,
        BatchPlan plan,
        Tensor? noise = null
    ) => Create(name, clean, condition, Passes(plan), noise);

    /// <summary>The noise of a plan's rows, the same for every picture of a shape, on the picture's device.</summary>
    /// <param name="clean">As for the batch.</param>
    public Tensor Noise(BatchPlan plan, Tensor clean) => Noise(Passes(plan), clean);

    /// <summary>Two rows of nothing but noise, early and late: for checks that shall not depend on a picture.</summary>
    public NoisyBatch Noise(Tensor like, ConditionTensors? condition) =>
        Create("noise", zeros_like(like[..1]), condition, [new(timesteps[^1], 0), new(timesteps[0], 1)]);

    private Pass[] Passes(BatchPlan plan) =>
        [
            .. Enumerable
                .Range(firstReplicate + plan.Replicate, plan.Replicates)
                .SelectMany(r => timesteps.Skip(plan.Timestep).Take(plan.Timesteps).Select(t => new Pass(t, r))),
        ];

    private Tensor Noise(Pass[] rows, Tensor clean)
    {
        // Not every picture need be of the model's own shape.
        var shape = new ImageShape((int)clean.shape[1], (int)clean.shape[2], (int)clean.shape[3]);
        var ofRows = rows.Select(row =>
            source.Normal(new(NoisePurpose.Attribution, row.Timestep, row.Replicate), shape)
        );
        return stack(ofRows).to(clean.device);
    }

    private NoisyBatch Create(
        string name,
        Tensor clean,
        ConditionTensors? condition,
        Pass[] rows,
        Tensor? givenNoise = null
    )
    {
        var noise = givenNoise ?? Noise(rows, clean);
        var numbers = tensor([.. rows.Select(row => (long)row.Timestep)]).UploadTo(clean.device);
        var repeated =
            clean.shape[0] == 1
                ? clean.expand_as(noise)
                : clean.index_select(
                    0,
                    tensor([.. rows.Select(row => (long)Array.IndexOf(timesteps, row.Timestep))], device: clean.device)
                );
        return new(
            name,
            model.Process.AddNoise(repeated, noise, numbers),
            model.Process.Target(repeated, noise, numbers),
            numbers,
            condition?.Select(tensor => tensor.expand([rows.Length, .. tensor.shape[1..]]).contiguous()),
            rows
        );
    }
}
