using DasAudit.Core.Diffusion;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Models;

/// <summary>Pictures and conditions as tensors on a model's device, in batches of noised ones.</summary>
internal static class PictureBatches
{
    /// <summary>Makes all passes over a picture.</summary>
    /// <param name="rows">Most rows of a batch.</param>
    /// <param name="run">Given each batch, in order, in a dispose scope of its own.</param>
    public static void ForEach(
        this NoisyBatches batches,
        ModelPicture picture,
        int rows,
        Action<NoisyBatch, BatchPlan> run,
        CancellationToken cancellation
    )
    {
        using var scope = NewDisposeScope();
        var clean = Clean(batches.Model, picture, picture.Trajectory is null ? picture.Read() : null);
        var condition = Encode(batches.Model, picture.Condition);
        var region = Region(batches.Model, picture.Region);
        foreach (var plan in batches.Plans(rows))
        {
            cancellation.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            run(batches.Create(picture.Name, clean, condition, plan) with { Region = region }, plan);
        }
    }

    /// <summary>Makes the first batch of a blank picture; returns which part of a picture's passes it is.</summary>
    public static double RunFirst(
        this NoisyBatches batches,
        Condition? condition,
        int rows,
        Action<NoisyBatch, BatchPlan> run
    )
    {
        using var scope = NewDisposeScope();
        var plan = batches.Plans(rows).First();
        run(batches.Create("noise", Blank(batches.Model), Encode(batches.Model, condition), plan), plan);
        return (double)plan.Rows / (batches.Replicates * batches.Timesteps.Length);
    }

    /// <summary>A picture on a model's device, in the caller's dispose scope.</summary>
    /// <param name="values">What its <see cref="ModelPicture.Read"/> gives; null for one that is followed.</param>
    public static EncodedPicture Encode(IDiffusionModel model, ModelPicture picture, float[]? values) =>
        new(Clean(model, picture, values), Encode(model, picture.Condition), Region(model, picture.Region));

    /// <summary>A picture of nothing, in the caller's dispose scope.</summary>
    public static EncodedPicture EncodeBlank(IDiffusionModel model, Condition? condition) =>
        new(Blank(model), Encode(model, condition), Region: null);

    /// <summary>Two rows of nothing but noise, in the caller's dispose scope.</summary>
    public static NoisyBatch Noise(this NoisyBatches batches, Condition? condition) =>
        batches.Noise(Blank(batches.Model), Encode(batches.Model, condition));

    // x₀ in the space that the network denoises: [1, C, H, W], or [K, C, H, W] for a picture that is followed.
    private static Tensor Clean(IDiffusionModel model, ModelPicture picture, float[]? values)
    {
        using var noGradient = no_grad();
        if (picture.Trajectory is { } steps)
            return stack(steps.Select(step => tensor(step, Dimensions(model.SampleShape)))).to(model.Device());
        var pixels = tensor(values!, [1, .. Dimensions(picture.Shape ?? model.PictureShape)]);
        return model.Encode(pixels.to(model.Device()));
    }

    private static Tensor? Region(IDiffusionModel model, RegionWeights? region) =>
        region is null ? null : tensor(region.Values, [1, 1, region.Height, region.Width]).to(model.Device());

    private static Tensor Blank(IDiffusionModel model) =>
        zeros([1, .. Dimensions(model.SampleShape)], device: model.Device());

    private static ConditionTensors? Encode(IDiffusionModel model, Condition? condition) =>
        condition is null ? null : (model as IConditioned)?.EncodeConditions([condition]);

    private static long[] Dimensions(ImageShape shape) => [shape.Channels, shape.Height, shape.Width];
}
