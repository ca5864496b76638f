using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Retraining;

/// <summary>The errors of queries under the models of a study; a model's are kept beside it and read again.</summary>
/// <param name="memory">Bytes that the process may use; null for any.</param>
internal sealed class StudyErrors(
    RetrainingStudy study,
    AuditedModel audited,
    TruthOptions options,
    IReadOnlyList<KeyedPicture> queries,
    int workers,
    long? memory
)
{
    private readonly StudyModels _models = new(study, audited);

    /// <summary>Errors of each job's model, which is finished, in their order.</summary>
    /// <param name="reference">Changes are taken to this job's model; null for the audited model.</param>
    public IReadOnlyList<QueryErrors> Compute(
        IReadOnlyList<RetrainingJob> jobs,
        RetrainingJob? reference,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var name = $"errors-{Key(reference)[..16]}.json";
        var errors = jobs.Select(job => Read(job, name)).ToArray();
        int[] missing = [.. Enumerable.Range(0, jobs.Count).Where(index => errors[index] is null)];
        if (missing.Length == 0)
            return [.. errors.OfType<QueryErrors>()];
        using var engine = new QueryErrorEngine(audited, options, queries, memory) { Progress = progress };
        TorchThreads.Use(1);
        Prepare(engine, reference, cancellation);
        var counter = new StageCounter(progress, "comparing models", jobs.Count, jobs.Count - missing.Length);
        Workers.Run(
            NewDisposeScope,
            Workers.On(audited.Device.type, workers),
            missing.Length,
            (_, index) =>
            {
                errors[missing[index]] = Compute(jobs[missing[index]], name, engine, cancellation);
                counter.Add();
            },
            areCompiled: true
        );
        return [.. errors.OfType<QueryErrors>()];
    }

    private void Prepare(QueryErrorEngine engine, RetrainingJob? reference, CancellationToken cancellation)
    {
        if (reference is not null)
        {
            using var model = _models.Load(reference);
            engine.Prepare(model, cancellation);
            return;
        }
        using var copy = audited.Pool.Rent();
        engine.Prepare(copy.Model, cancellation);
    }

    private QueryErrors Compute(RetrainingJob job, string name, QueryErrorEngine engine, CancellationToken cancellation)
    {
        using var model = _models.Load(job);
        var errors = engine.Of(model, cancellation);
        if (!errors.Losses.SelectMany(losses => losses).All(double.IsFinite))
            throw new AuditException(
                $"The losses under the model '{study.FolderOf(job)}' are not finite; remove its folder and train it "
                    + $"again, with a lower {Settings.Name("learning-rate")} if that happens again."
            );
        AtomicFile.Write(
            Path.Combine(study.FolderOf(job), name),
            JsonSerializer.SerializeToUtf8Bytes(errors, JsonDocuments.Options)
        );
        return errors;
    }

    private QueryErrors? Read(RetrainingJob job, string name)
    {
        var path = Path.Combine(study.FolderOf(job), name);
        return File.Exists(path)
            ? JsonSerializer.Deserialize<QueryErrors>(File.ReadAllBytes(path), JsonDocuments.Options)
            : null;
    }

    // Of everything that decides the errors beside the model itself.
    private string Key(RetrainingJob? reference)
    {
        var passes = string.Create(
            CultureInfo.InvariantCulture,
            $"{reference?.Name ?? audited.WeightsSha256} {options.Timesteps} {options.Draws} {options.Seed}"
        );
        var text = string.Join('\n', queries.Select(query => query.Key.ToString()).Prepend(passes));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
