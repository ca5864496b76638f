using System.Diagnostics;
using DasAudit.Abstractions;
using DasAudit.Core.Activations;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Audits;
using DasAudit.Core.Candidates;
using DasAudit.Core.Curvature;
using DasAudit.Core.Datasets;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Planning;

/// <summary>Says what an audit, or the features of a whole dataset, will cost: every stage is tried on a little and scaled.</summary>
public static class RunPlanner
{
    /// <summary>Plans a run.</summary>
    /// <param name="request">The audit; without images, the features of the whole dataset.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="AuditException">An input cannot be used.</exception>
    public static RunPlan Plan(AuditRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        // What the program and libtorch take, before anything is tried and its memory kept for reuse.
        var program = Math.Max(Environment.WorkingSet, 320L << 20);
        var images = request.Images.Count;
        // Without pictures to audit there is nothing to hold decoys against.
        var shown = request.DatasetOptions with
        {
            ShownAs = request.Dataset,
        };
        var survey = DatasetSurvey.Of(
            request.Resolve(request.Dataset),
            images == 0 ? shown : DecoySource.MemberOptions(request.Decoys, shown),
            cancellation
        );
        var stages = new List<StagePlan> { new("dataset", survey.Count, survey.Count * survey.SecondsPerPicture) };
        var pool = survey.Count;
        if (
            images > 0
            && request.Decoys is { } source
            && DecoySource.Location(source, request.Dataset, shown) is var (path, options)
        )
        {
            var decoys = DatasetSurvey.Of(request.Resolve(path), options, cancellation);
            stages.Add(new("decoys", decoys.Count, decoys.Count * decoys.SecondsPerPicture));
            pool += decoys.Count;
        }

        var disk = 0L;
        if (images > 0 && request.Encoder is { } encoder)
        {
            var missing =
                pool - (request.CacheFolder is { } folder ? new EmbeddingCache(folder).Load(encoder).Count : 0);
            stages.Add(
                new("candidates", pool, Math.Max(0, missing) * EncodingSeconds(encoder, survey.Sample, cancellation))
            );
            disk += Math.Max(0, missing) * (encoder.Dimension * (long)sizeof(float) + 32);
        }

        var watch = Stopwatch.StartNew();
        using var model = request.Model.Load(request.Device);
        var loading = watch.Elapsed.TotalSeconds;
        var plan = FeaturePlan.Of(request.Methods, request.Model, request.Gradients, model, request.Sampling);
        var candidates = images == 0 ? pool : Candidates(request, pool);
        var others =
            images > 0 && request.NullQueries is { } generated
                ? DatasetSurvey.Of(request.Resolve(generated), new() { ShownAs = generated }, cancellation).Count
                : 0;
        var queries = images == 0 ? 0 : images + others;
        var condition = new Condition(request.QueryClass ?? 0, null);
        var (seconds, memory, features) = (loading, 0L, 0L);
        if (images > 0 && RetrainedSet.Wanted(request.Methods))
        {
            var (stage, bytes) = RetrainedCost.Measure(request, queries, cancellation);
            (stages, memory) = ([.. stages, stage], bytes);
        }

        foreach (var run in images == 0 ? plan.Rows : plan.Runs)
        {
            using var copies = new ModelPool(() => run.Model.Load(request.Device));
            var engine = new FeatureEngine(copies, run.Options, request.Environment.Threads);
            var cost = engine.Measure(condition, cancellation);
            var pictures = (plan.Rows.Contains(run) ? candidates : 0) + queries;
            var computed = Math.Max(0, pictures - Kept(request, run, plan.Runs.Count));
            if (computed > 0)
                seconds += cost.StartSeconds + computed * cost.SecondsPerPicture;
            memory = Math.Max(memory, cost.MemoryBytes);
            // What is kept is read again row by row.
            if (request.FeatureStore is null && request.FeatureStores is null)
                features += pictures * cost.PictureBytes;
            else
                disk += computed * cost.PictureBytes;
        }

        var activations = images > 0 && request.Methods.Any(method => method.Needs.Activations);
        if (activations)
        {
            using var copies = new ModelPool(() => request.Model.Load(request.Device));
            var cost = new ActivationEngine(copies, request.Gradients, request.Environment.Threads).Measure(
                condition,
                cancellation
            );
            seconds += cost.StartSeconds + (candidates + queries) * cost.SecondsPerPicture;
            memory = Math.Max(memory, cost.MemoryBytes);
            features += (candidates + queries) * cost.PictureBytes;
        }

        if (plan.Runs.Count > 0 || activations)
            stages.Add(new("gradients", candidates + queries, seconds));
        if (images > 0)
        {
            // A query is scored against its own candidates, of which the decoys are a part like that of all.
            var own = request.Candidates.Limit is { } limit
                ? Math.Min(pool, limit + request.Candidates.ControlSize)
                : pool;
            var members = Math.Max(1, (int)((long)own * survey.Count / pool));
            var inKernel =
                !EvidenceGatherer.LooksAtBackground(request.Methods) ? members
                : request.Background is { } background ? Math.Min(survey.Count, members + background)
                : survey.Count;
            var (attribution, bytes) = Attribution(
                request,
                plan,
                model.Schedule.TrainTimesteps,
                new(own, members, inKernel, 1 + others),
                condition,
                cancellation
            );
            if (attribution > 0)
                stages.Add(new("attribution", own, images * attribution));
            memory = Math.Max(memory, bytes);
        }

        // Builds keep a shard in memory, audits without a store all their candidates.
        return new(stages, program + memory + (images == 0 ? 0 : features), disk);
    }

    /// <summary>Pictures of one query's scoring.</summary>
    /// <param name="Rows">Candidates, decoys included.</param>
    /// <param name="Members">Candidates that are training pictures.</param>
    /// <param name="InKernel">Training pictures in the kernel.</param>
    /// <param name="Queries">The query and those that it is tested against.</param>
    private sealed record Counts(int Rows, int Members, int InKernel, int Queries);

    /// <summary>Seconds and bytes of scoring one picture by all methods.</summary>
    private static (double Seconds, long Bytes) Attribution(
        AuditRequest request,
        FeaturePlan plan,
        int trainTimesteps,
        Counts counts,
        Condition condition,
        CancellationToken cancellation
    )
    {
        var (seconds, bytes) = (0.0, 0L);
        var kernels = request.Methods.Sum(method => Kernels(request, plan, method, trainTimesteps));
        if (kernels > 0)
        {
            var dimension = Math.Min(4096, request.Gradients.Projection.Dimension);
            seconds += kernels * KernelSeconds(counts.InKernel, counts.Rows, dimension);
            long Matrix(int rows) => Math.Min((long)rows * dimension, request.Streaming.MostInMemory);
            long side = Math.Min(counts.InKernel, dimension);
            bytes = sizeof(double) * (3 * Matrix(counts.InKernel) + 2 * Matrix(counts.Rows) + 4 * side * side);
            if (request.Subset > 0)
                bytes +=
                    sizeof(double)
                    * Math.Min(
                        RefitInfluence.MostValues,
                        (long)Kernels(request, plan, request.Methods[0], trainTimesteps)
                            * counts.Members
                            * counts.Members
                    );
        }

        if (request.Methods.Any(method => method.Needs.Ekfac))
        {
            using var pool = new ModelPool(() => request.Model.Load(request.Device));
            var cost = new EkfacEngine(pool, request.Gradients, request.Environment.Threads).Measure(
                condition,
                cancellation
            );
            seconds += cost.Seconds(counts.Queries, counts.Rows, counts.Members);
            bytes = Math.Max(bytes, cost.Bytes(counts.Queries));
        }

        return (seconds, bytes);
    }

    // Passes that are kept apart have a kernel each.
    private static int Kernels(AuditRequest request, FeaturePlan plan, IAttributionMethod method, int trainTimesteps)
    {
        if (method.Needs.Activations)
            return request.Gradients.Replicates * request.Gradients.TimestepGrid(trainTimesteps).Length;
        if (method.Description.Damping is null)
            return 0;
        return method.Needs.Features.Sum(need =>
            plan.Of(need)
                .Sum(pair =>
                    pair.Rows.Options.Replicates
                    * (need.Kinds.Any(kind => kind.Apart) ? pair.Rows.Options.TimestepGrid(trainTimesteps).Length : 1)
                )
        );
    }

    private static int Candidates(AuditRequest request, int count) =>
        request.Candidates.Limit is { } limit && limit < count && request.Background is { } background
            ? Math.Min(count, request.Images.Count * (limit + request.Candidates.ControlSize) + background)
            : count;

    private static int Kept(AuditRequest request, FeatureRun run, int runs)
    {
        if (request.FeatureStore is null && request.FeatureStores is null)
            return 0;
        using var model = run.Model.Load(request.Device);
        var settings = FeatureSettings.Of(
            model,
            ModelSource.Hash(model),
            request.Model.Adapter.Name,
            request.Model.AdapterVersion,
            run.Options
        );
        return FeatureStore.Open(request.Resolve(request.FeatureFolder(settings, runs)!), settings).Count;
    }

    private static double EncodingSeconds(
        IImageEncoder encoder,
        IReadOnlyList<Picture> sample,
        CancellationToken cancellation
    )
    {
        var half = sample.Count / 2;
        encoder.Encode([.. sample.Take(half)], cancellation);
        var watch = Stopwatch.StartNew();
        encoder.Encode([.. sample.Skip(half)], cancellation);
        return watch.Elapsed.TotalSeconds / (sample.Count - half);
    }

    // A kernel's factorisation, between the square of the Gram matrix and the cube of its eigendecomposition, and the projection of all rows: two
    // sizes tell the exponent.
    private static double KernelSeconds(int members, int rows, int dimension)
    {
        TorchThreads.Use(1);
        var side = Math.Min(members, dimension);
        var (small, large) = (Math.Min(side, 128), Math.Min(side, 384));
        Time(small);
        var (first, second) = (Time(small), Time(large));
        var exponent =
            small == large ? 1 : Math.Clamp(Math.Log(second / first) / Math.Log((double)large / small), 1, 3);
        return second * Math.Pow((double)side / large, exponent)
            + (members - side) * ProductSeconds(large, dimension) * side / large;

        double Time(int n)
        {
            using var scope = NewDisposeScope();
            var all = Math.Max(n, (int)((long)n * rows / members));
            float[][] features = [.. rand(all, dimension).unbind().Select(row => row.data<float>().ToArray())];
            Tensor Matrix(int count) => stack(features.Take(count).Select(row => tensor(row))).to_type(float64);
            var watch = Stopwatch.StartNew();
            using var kernel = RidgeKernel.Factorise(Matrix(n));
            using var projected = kernel.Project(Matrix(all));
            _ = kernel.Between(projected, projected, 1);
            return watch.Elapsed.TotalSeconds;
        }
    }

    // Of one more picture in the sum of their features' products, where there are more pictures than features are long: of some rows of it.
    private static double ProductSeconds(int rows, int dimension)
    {
        using var scope = NewDisposeScope();
        const int Pictures = 256;
        var features = rand(Pictures, dimension, dtype: float64);
        var watch = Stopwatch.StartNew();
        _ = features.narrow(1, 0, Math.Min(rows, dimension)).t().matmul(features);
        return watch.Elapsed.TotalSeconds / Pictures;
    }
}
