using System.Diagnostics;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Audits;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Store;
using static TorchSharp.torch;

namespace DasAudit.Core.Planning;

/// <summary>Says what an audit, or the features of a whole dataset, will cost: every stage is tried on a little and scaled.</summary>
public static class RunPlanner
{
    /// <summary>Plans a run.</summary>
    /// <param name="request">The audit; without images, the features of the whole dataset.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="Abstractions.AuditException">An input cannot be used.</exception>
    public static RunPlan Plan(AuditRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        // What the program and libtorch take, before anything is tried and its memory kept for reuse.
        var program = Math.Max(Environment.WorkingSet, 320L << 20);
        var images = request.Images.Count;
        var survey = DatasetSurvey.Of(request.Resolve(request.Dataset), request.DatasetOptions, cancellation);
        var stages = new List<StagePlan> { new("dataset", survey.Count, survey.Count * survey.SecondsPerPicture) };
        var disk = 0L;
        if (images > 0 && request.Encoder is { } encoder)
        {
            var missing = survey.Count - (request.CacheFolder is { } folder ? new EmbeddingCache(folder).Load(encoder).Count : 0);
            stages.Add(new("candidates", survey.Count, Math.Max(0, missing) * EncodingSeconds(encoder, survey.Sample, cancellation)));
            disk += Math.Max(0, missing) * (encoder.Dimension * (long)sizeof(float) + 32);
        }

        var watch = Stopwatch.StartNew();
        using var model = request.Model.Load(request.Device);
        var loading = watch.Elapsed.TotalSeconds;
        var plan = FeaturePlan.Of(request.Methods, request.Model, request.Gradients, model, request.Sampling);
        var candidates = images == 0 ? survey.Count : Candidates(request, survey.Count);
        var queries = images == 0 ? 0 : images + (request.NullQueries is { } others ? DatasetSurvey.Of(request.Resolve(others), new(), cancellation).Count : 0);
        var (seconds, memory, features) = (loading, 0L, 0L);
        foreach (var run in images == 0 ? plan.Rows : plan.Runs)
        {
            var engine = new FeatureEngine(() => run.Model.Load(request.Device), run.Options, request.Environment.Threads);
            var cost = engine.Measure(new(request.QueryClass ?? 0, null), cancellation);
            var pictures = (plan.Rows.Contains(run) ? candidates : 0) + queries;
            var computed = Math.Max(0, pictures - Kept(request, run, plan.Runs.Count));
            if (computed > 0) seconds += cost.StartSeconds + computed * cost.SecondsPerPicture;
            memory = Math.Max(memory, cost.MemoryBytes);
            features += pictures * cost.PictureBytes;
            disk += request.FeatureStore is null && request.FeatureStores is null ? 0 : computed * cost.PictureBytes;
        }

        if (plan.Runs.Count > 0) stages.Add(new("gradients", candidates + queries, seconds));
        if (images > 0 && plan.Runs.Count > 0)
            stages.Add(new("attribution", candidates, images * request.Methods.Count * request.Gradients.Replicates * FactorisationSeconds(candidates, Math.Min(4096, request.Gradients.Projection.Dimension))));
        // Builds keep a shard in memory, audits all their candidates.
        return new(stages, program + memory + (images == 0 ? 0 : features), disk);
    }

    private static int Candidates(AuditRequest request, int count) =>
        request.Candidates.Limit is { } limit && limit < count && request.Background is { } background ? Math.Min(count, request.Images.Count * (limit + request.Candidates.ControlSize) + background) : count;

    private static int Kept(AuditRequest request, FeatureRun run, int runs)
    {
        if (request.FeatureStore is null && request.FeatureStores is null) return 0;
        using var model = run.Model.Load(request.Device);
        var settings = FeatureSettings.Of(model, ModelSource.Hash(model), request.Model.Adapter.Name, request.Model.AdapterVersion, run.Options);
        return FeatureStore.Open(request.Resolve(request.FeatureFolder(settings, runs)!), settings).Count;
    }

    private static double EncodingSeconds(IImageEncoder encoder, IReadOnlyList<Picture> sample, CancellationToken cancellation)
    {
        var half = sample.Count / 2;
        encoder.Encode([.. sample.Take(half)], cancellation);
        var watch = Stopwatch.StartNew();
        encoder.Encode([.. sample.Skip(half)], cancellation);
        return watch.Elapsed.TotalSeconds / (sample.Count - half);
    }

    // Between the square of the Gram matrix and the cube of its eigendecomposition: two sizes tell the exponent.
    private static double FactorisationSeconds(int count, int dimension)
    {
        TorchThreads.Use(1);
        var (small, large) = (Math.Min(count, 128), Math.Min(count, 384));
        Time(small);
        var (first, second) = (Time(small), Time(large));
        if (large == count || small == large) return second;
        var exponent = Math.Clamp(Math.Log(second / first) / Math.Log((double)large / small), 1, 3);
        return second * Math.Pow((double)count / large, exponent);

        double Time(int n)
        {
            using var scope = NewDisposeScope();
            var features = rand(n, dimension, dtype: float64);
            var watch = Stopwatch.StartNew();
            using var kernel = RidgeKernel.Factorise(features);
            return watch.Elapsed.TotalSeconds;
        }
    }
}
