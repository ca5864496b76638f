using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Audits;

/// <summary>Reads features of generated pictures along their sampling.</summary>
internal sealed class SamplingFollower(CheckpointModels models, AuditStages stages)
{
    private static readonly PictureFeatures Nothing = new()
    {
        Rows = new Dictionary<FeatureKind, float[][]>(),
        SquaredErrors = [],
        GradientNorms = new Dictionary<string, double[][]>(),
    };

    /// <summary>Generates a picture once more from its seed and takes features at each step of its sampling.</summary>
    /// <returns>No features where the seed is not known or the model makes another picture from it.</returns>
    public PictureFeatures Follow(
        FeatureRun run,
        KeyedPicture picture,
        string pixelSha256,
        long? seed,
        GeneratorOptions sampling
    )
    {
        if (seed is null)
            return Nothing;
        var condition = picture.Picture.Condition ?? new(null, null);
        var pool = models.Of(run.Model).Pool;
        var generator = new PictureGenerator(pool, sampling, threads: 1);
        var trajectory = generator.Trace(seed.Value, condition, stages.Cancellation);
        if (PixelHash.Compute(trajectory.Picture) != pixelSha256)
            return Nothing;
        var followed = new ModelPicture(picture.Picture.Name, () => [], condition)
        {
            Trajectory = trajectory.Clean,
            Region = picture.Picture.Region,
        };
        var options = run.Options with { ChosenTimesteps = sampling.Timesteps(models.Of(run.Model).Model) };
        var engine = new FeatureEngine(pool, options, threads: 1);
        return engine.Compute([followed], stages.Progress, stages.Cancellation)[0];
    }
}
