using System.Diagnostics;
using DasAudit.Core.Activations;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Audits;
using DasAudit.Core.Candidates;
using DasAudit.Core.Curvature;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Retraining;
using DasAudit.Core.Training.Replay;

namespace DasAudit.Core.Planning;

/// <summary>What an audit or the features of a dataset will cost: each stage is tried on a little and scaled.</summary>
public sealed class RunPlanner
{
    // Longest feature whose kernel is tried.
    private const int LongestFeature = 4096;

    // What the program and libtorch take at least.
    private const long LeastProgramBytes = 320L << 20;

    private readonly AuditRequest _request;
    private readonly CancellationToken _cancellation;
    private readonly Condition _condition;
    private readonly List<StagePlan> _stages = [];
    private long _memory;
    private long _featureMemory;
    private double? _passSeconds;
    private long _disk;

    private RunPlanner(AuditRequest request, CancellationToken cancellation)
    {
        _request = request;
        _cancellation = cancellation;
        _condition = new(request.Inputs.QueryClasses is [var first, ..] ? first : 0, null);
    }

    private int Images => _request.Inputs.Images.Count;

    private int Threads => _request.Machine.Threads;

    /// <summary>Plans a run.</summary>
    /// <param name="request">The audit; without images, the features of the whole dataset.</param>
    /// <param name="progress">Told what model and encoder leave open; may be null.</param>
    /// <exception cref="AuditException">An input cannot be used.</exception>
    public static RunPlan Plan(
        AuditRequest request,
        CancellationToken cancellation,
        IProgress<StageProgress>? progress = null
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Inputs.Images.Count > 0)
            AuditRefusals.Check(request);
        return new RunPlanner(request, cancellation).Plan(progress);
    }

    private RunPlan Plan(IProgress<StageProgress>? progress)
    {
        var region = Region();
        // Measured before anything is tried and its memory kept for reuse.
        var program = Math.Max(Environment.WorkingSet, LeastProgramBytes);
        var peakBefore = PeakWorkingSet();
        var pool = PoolSurvey.Of(_request, _cancellation);
        _stages.AddRange(pool.Stages);
        if (Images > 0 && _request.Inputs.Encoder is { } encoder)
            AddCandidates(encoder, pool);

        var watch = Stopwatch.StartNew();
        using var model = AuditedModel.Load(_request.Inputs.Model, _request.Machine.Device);
        var loadingSeconds = watch.Elapsed.TotalSeconds;
        AuditRefusals.CheckModel(_request, model.Model);
        AuditRefusals.CheckClasses(_request.Inputs, model.Model);
        var plan = AuditPlan.Of(_request, model, region);
        progress.Notify(plan.Assumptions);
        var counts = AuditCounts.Of(plan, pool);
        if (Images > 0 && plan.Retrained)
            AddRetrained(plan, model, counts);
        AddGradients(plan, model, counts, loadingSeconds);
        if (Images > 0)
            AddAttribution(plan, model, counts);

        // Builds write features to disk as they come; audits without a store keep all their candidates.
        var features = Images == 0 ? 0 : _featureMemory;
        var estimate = program + _memory + features;
        // What lies between layers, as in attention, cannot be counted, but the trial took it.
        var peak = PeakWorkingSet();
        var memory = peak > peakBefore ? Math.Max(peak, estimate) : estimate;
        return new(_stages, memory, _disk) { PassSeconds = _passSeconds };
    }

    private static long PeakWorkingSet()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    // It costs nothing; it is looked at so that what an audit would refuse is not planned.
    private PictureRegion? Region() =>
        Images > 0 && _request.Options.Region is not null
            ? AuditedRegion.Find(_request, QueryPictures.Read(_request).Readable)
            : null;

    private void AddCandidates(IImageEncoder encoder, PoolSurvey pool)
    {
        var cached = _request.Machine.EmbeddingFolder is { } folder
            ? new EmbeddingCache(folder).Load(encoder).Count
            : 0;
        var missing = Math.Max(0, pool.Count - cached);
        _stages.Add(new("candidates", pool.Count, missing * EncodingSeconds(encoder, pool.Members.Sample)));
        _disk += missing * (encoder.Dimension * (long)sizeof(float) + 32);
    }

    private double EncodingSeconds(IImageEncoder encoder, IReadOnlyList<Picture> sample)
    {
        // The first half does not count: an encoder's first run is slow.
        var half = sample.Count / 2;
        encoder.Encode([.. sample.Take(half)], _cancellation);
        var watch = Stopwatch.StartNew();
        encoder.Encode([.. sample.Skip(half)], _cancellation);
        return watch.Elapsed.TotalSeconds / (sample.Count - half);
    }

    private void AddRetrained(AuditPlan plan, AuditedModel model, AuditCounts counts)
    {
        var models = RetrainedSet.Find(plan.Options.Methods, _request.Inputs.Retrained, _request.Resolve);
        var engine = new RetrainedLossEngine(model, plan.Options.Gradients, Threads);
        var (seconds, bytes) = engine.Measure(models, counts.Queries, _condition, _cancellation);
        _stages.Add(new("retrained models", counts.Queries, seconds));
        NeedMemory(bytes);
    }

    private void AddGradients(AuditPlan plan, AuditedModel model, AuditCounts counts, double loadingSeconds)
    {
        var runs = Images == 0 ? plan.Features.CandidateRuns : plan.Features.Runs;
        using var models = new CheckpointModels(model);
        var seconds = loadingSeconds;
        foreach (var run in runs)
            seconds += RunSeconds(run, plan, models, counts);
        var activations = Images > 0 && plan.Activations;
        if (activations)
            seconds += ActivationSeconds(plan, model, counts);
        if (plan.Features.Runs.Count > 0 || activations)
            _stages.Add(new("gradients", counts.Training + counts.Queries, seconds));
    }

    private double RunSeconds(FeatureRun run, AuditPlan plan, CheckpointModels models, AuditCounts counts)
    {
        var cost = new FeatureEngine(models.Of(run.Model).Pool, run.Options, Threads).Measure(
            _condition,
            _cancellation
        );
        var training = plan.Features.CandidateRuns.Contains(run) ? counts.Training : 0;
        var pictures = training + counts.Queries;
        var computed = Math.Max(0, pictures - Kept(run, models));
        NeedMemory(cost.MemoryBytes);
        var passes = run.Options.Replicates * run.Options.TimestepGrid(plan.TrainTimesteps).Length;
        _passSeconds ??= cost.SecondsPerPicture * cost.Workers / passes;
        // What is kept is read again row by row.
        if (_request.Machine.Features is null)
            _featureMemory += pictures * cost.PictureBytes;
        else
            _disk += computed * cost.PictureBytes;
        return computed > 0 ? cost.StartSeconds + computed * cost.SecondsPerPicture : 0;
    }

    private int Kept(FeatureRun run, CheckpointModels models)
    {
        if (_request.Machine.Features is not { } folders)
            return 0;
        return KindStores.Open(folders, models.Settings(run), _request.Resolve).Count;
    }

    private double ActivationSeconds(AuditPlan plan, AuditedModel model, AuditCounts counts)
    {
        var engine = new ActivationEngine(model.Pool, plan.Options.Gradients, Threads);
        var cost = engine.Measure(_condition, _cancellation);
        var pictures = counts.Training + counts.Queries;
        NeedMemory(cost.MemoryBytes);
        _featureMemory += pictures * cost.PictureBytes;
        return cost.StartSeconds + pictures * cost.SecondsPerPicture;
    }

    private void AddAttribution(AuditPlan plan, AuditedModel model, AuditCounts counts)
    {
        var seconds = 0.0;
        var memory = 0L;
        var dimension = Math.Min(LongestFeature, plan.Options.Gradients.Projection.Dimension);
        foreach (var (rows, kernels) in KernelsByRows(plan))
        {
            var ofKernel = counts with { InKernel = rows * counts.InKernel, Scored = rows * counts.Scored };
            var cost = KernelCost.Seconds(ofKernel.InKernel, ofKernel.Scored, dimension);
            seconds += Factorisations(kernels, ofKernel, dimension) * cost.Factorisation;
            seconds += Images * kernels * cost.PerQuery;
            memory = Math.Max(memory, KernelBytes(plan, ofKernel, kernels, dimension));
        }

        if (plan.Curvature)
        {
            var engine = new EkfacEngine(model.Pool, plan.Options.Gradients, Threads);
            var cost = engine.Measure(_condition, _cancellation);
            // Queries with the same candidates share curvature and gradients.
            var (runs, queries) = counts.SameCandidates ? (1, counts.Queries) : (Images, counts.QueriesScored);
            seconds += runs * cost.Seconds(queries, counts.Scored, counts.Members);
            memory = Math.Max(memory, cost.Bytes(queries));
        }

        if (plan.Replay)
        {
            var cost = new ReplayEngine(model, plan.Options.Gradients, Threads).Measure(_condition, _cancellation);
            seconds += cost.Seconds(Images, counts.Training);
            memory = Math.Max(memory, cost.Bytes(Images));
        }

        if (seconds > 0)
            _stages.Add(new("attribution", counts.Scored, seconds));
        NeedMemory(memory);
    }

    // Decompositions that are not kept are computed for each query.
    private long Factorisations(int kernels, AuditCounts counts, int dimension)
    {
        if (!counts.SameCandidates)
            return (long)Images * kernels;
        var shared = Math.Min(kernels, KernelCache.SpectrumRoom / KeptNumbers(counts, dimension));
        return kernels + (Images - 1) * (kernels - shared);
    }

    private static long KeptNumbers(AuditCounts counts, int dimension)
    {
        long side = Math.Min(counts.InKernel, dimension);
        return side * (side + counts.InKernel);
    }

    private long KernelBytes(AuditPlan plan, AuditCounts counts, int kernels, int dimension)
    {
        var mostInMemory = plan.Options.Streaming.MostInMemory;
        var inKernel = Math.Min((long)counts.InKernel * dimension, mostInMemory);
        var scored = Math.Min((long)counts.Scored * dimension, mostInMemory);
        long side = Math.Min(counts.InKernel, dimension);
        var spectra = Math.Min(KernelCache.SpectrumRoom, kernels * KeptNumbers(counts, dimension));
        var matrices = Math.Min(KernelCache.FeatureRoom(Images), kernels * inKernel);
        var values = 3 * inKernel + 2 * scored + 4 * side * side + spectra + matrices;
        if (plan.Options.Subset > 0)
        {
            var hatMatrices = (long)Kernels(plan, plan.Options.ReportedMethod) * counts.Members * counts.Members;
            values += Math.Min(RefitInfluence.MostValues, hatMatrices);
        }

        return sizeof(double) * values;
    }

    // How many kernels have so many rows a picture.
    private static SortedDictionary<int, int> KernelsByRows(AuditPlan plan)
    {
        var kernels = new SortedDictionary<int, int>();
        foreach (var method in plan.Options.Methods)
        {
            if (Kernels(plan, method) is not (> 0 and var count))
                continue;
            var rows = RowsInKernel(plan, method);
            kernels[rows] = kernels.GetValueOrDefault(rows) + (count / rows);
        }

        return kernels;
    }

    private static int RowsInKernel(AuditPlan plan, IAttributionMethod method) =>
        method.Needs.Features is [{ PassesInOneKernel: true } need, ..]
            ? plan.Features.Of(need)[0].Candidates.Options.TimestepGrid(plan.TrainTimesteps).Length
            : 1;

    // Passes that are kept apart have a kernel each.
    private static int Kernels(AuditPlan plan, IAttributionMethod method)
    {
        var gradients = plan.Options.Gradients;
        if (method.Needs.Activations)
            return gradients.Replicates * gradients.TimestepGrid(plan.TrainTimesteps).Length;
        return method.Description.Damping is null ? 0 : method.Needs.Features.Sum(need => Kernels(plan, need));
    }

    private static int Kernels(AuditPlan plan, FeatureNeed need)
    {
        var apart = need.Kinds.Any(kind => kind.Apart);
        return plan
            .Features.Of(need)
            .Select(runs => runs.Candidates.Options)
            .Sum(options => options.Replicates * (apart ? options.TimestepGrid(plan.TrainTimesteps).Length : 1));
    }

    private void NeedMemory(long bytes) => _memory = Math.Max(_memory, bytes);
}
