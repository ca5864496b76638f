using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Retraining;

/// <summary>
/// Queries generated again by the models of a study, each from its own seed; kept as PNG files beside a model and used
/// again.
/// </summary>
/// <param name="workers">Models at once.</param>
internal sealed class StudyPictures(
    RetrainingStudy study,
    AuditedModel audited,
    IReadOnlyList<GeneratedQuery> queries,
    int workers
)
{
    private const string Stage = "generating pictures again";

    private readonly StudyModels _models = new(study, audited);

    /// <summary>Generates what is missing of the jobs' models, which are finished.</summary>
    public void Generate(
        IReadOnlyList<RetrainingJob> jobs,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var left = jobs.Where(job => Missing(FolderOf(job)).Count > 0).ToList();
        if (left.Count == 0)
            return;
        var counter = new StageCounter(progress, Stage, jobs.Count, jobs.Count - left.Count);
        Workers.Run(
            NewDisposeScope,
            Workers.On(audited.Device.type, workers),
            left.Count,
            (_, index) =>
            {
                using var model = _models.Load(left[index]);
                foreach (var query in Missing(FolderOf(left[index])))
                    Generate(model, query, FolderOf(left[index]), cancellation);
                counter.Add(note: $"models: {left[index].Name}");
            }
        );
    }

    /// <summary>The pictures by a job's model, in the order of the queries; they have been generated.</summary>
    public IReadOnlyList<Picture> Of(RetrainingJob job) => Read(FolderOf(job));

    /// <summary>
    /// The pictures by the audited model: the queries themselves, if they were generated as is said of them.
    /// </summary>
    public IReadOnlyList<Picture> OfAudited(IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var folder = Path.Combine(study.FolderOfAudited(audited.WeightsSha256), "pictures");
        var missing = Missing(folder);
        var counter = new StageCounter(progress, Stage, queries.Count, queries.Count - missing.Count);
        if (missing.Count > 0)
            Workers.Run(
                audited.Pool.Rent,
                Workers.On(audited.Device.type, workers),
                missing.Count,
                (copy, index) =>
                {
                    Generate(copy.Model, missing[index], folder, cancellation);
                    counter.Add();
                }
            );
        return Read(folder);
    }

    private string FolderOf(RetrainingJob job) => Path.Combine(study.FolderOf(job), "pictures");

    private List<GeneratedQuery> Missing(string folder) =>
        [.. queries.Where(query => !File.Exists(Path.Combine(folder, query.FileName)))];

    private static void Generate(
        IDiffusionModel model,
        GeneratedQuery query,
        string folder,
        CancellationToken cancellation
    )
    {
        var picture = PictureGenerator.Generate(model, query.Sampling, query.Seed, query.Condition, cancellation);
        PictureWriter.WritePng(picture, Path.Combine(folder, query.FileName));
    }

    private List<Picture> Read(string folder) =>
        [.. queries.Select(query => PictureReader.Read(Path.Combine(folder, query.FileName)).Picture)];
}
