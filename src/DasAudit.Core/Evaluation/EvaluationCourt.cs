using DasAudit.Core.Attribution;
using DasAudit.Core.Audits;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation;

/// <summary>
/// What every evaluation has: the audited model, its dataset, the queries, and a study of models like it.
/// </summary>
internal sealed class EvaluationCourt : IDisposable
{
    private readonly AuditSession _session;
    private readonly AuditStages _stages;
    private readonly Lazy<RetrainingRecipe> _recipe;
    private readonly Lazy<RetrainingStudy> _study;
    private readonly Lazy<StudyModels> _models;

    private EvaluationCourt(
        EvaluationRequest request,
        AuditSession session,
        IReadOnlyList<TrainingItem> heldOutItems,
        AuditStages stages
    )
    {
        (Request, _session, HeldOutItems, _stages) = (request, session, heldOutItems, stages);
        var machine = request.Audit.Machine;
        _recipe = new(() => RetrainingRecipe.Of(request.Audit.Inputs.Model, Model, Members));
        _study = new(() => new(request.Study, _recipe.Value, machine.Device, machine.Threads));
        _models = new(() => new(_study.Value, session.Material.Model));
        Timesteps = request.Truth.TimestepGrid(Model.Process.TrainTimesteps);
        Bootstrap = new(Queries.Count, request.BootstrapDraws, request.Truth.Seed);
    }

    public EvaluationRequest Request { get; }

    public IDiffusionModel Model => _session.Material.Model.Model;

    public string ModelSha256 => _session.Material.Model.WeightsSha256;

    /// <summary>The training pictures.</summary>
    public TrainingSet Members => _session.Material.Pool.Members;

    /// <summary>Training seeds, that of the audited model first.</summary>
    public IReadOnlyList<long> Seeds =>
        [.. Enumerable.Range(0, Request.TrainingSeeds).Select(index => _recipe.Value.Options.Seed + index)];

    /// <summary>At which the truth is taken.</summary>
    public IReadOnlyList<int> Timesteps { get; }

    /// <summary>Draws queries again for intervals.</summary>
    public QueryBootstrap Bootstrap { get; }

    /// <summary>All queries.</summary>
    public IReadOnlyList<int> All => [.. Enumerable.Range(0, _session.Queries.Count)];

    /// <summary>The queries that the model generated.</summary>
    public IReadOnlyList<int> Generated => [.. All.Take(Request.Audit.Inputs.Images.Count)];

    /// <summary>The queries that it neither generated nor saw.</summary>
    public IReadOnlyList<int> HeldOut => [.. All.Skip(Request.Audit.Inputs.Images.Count)];

    /// <summary>What their dataset says of them, in the same order.</summary>
    public IReadOnlyList<TrainingItem> HeldOutItems { get; }

    /// <summary>Refuses what can be refused, and reads model, dataset and queries.</summary>
    /// <param name="trains">Whether models are trained again, so that the audited one must say how it was.</param>
    public static EvaluationCourt Open(
        EvaluationRequest request,
        TimeProvider time,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation,
        bool trains = true
    )
    {
        AuditRefusals.Check(request.Audit);
        if (trains)
            RetrainingRecipe.Read(request.Audit.Inputs.Model);
        var stages = new AuditStages(time, progress, cancellation);
        var (pictures, heldOut) = stages.Run("queries", () => ReadQueries(request, stages));
        var session = AuditSession.Open(WithoutHeldOut(request), pictures, region: null, stages);
        try
        {
            PictureClasses.Check(session.Material.Model.Model, heldOut);
            var court = new EvaluationCourt(request, session, heldOut, stages);
            if (trains)
                _ = court._recipe.Value;
            return court;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    // What is held out is no training picture.
    private static AuditRequest WithoutHeldOut(EvaluationRequest request)
    {
        var inputs = request.Audit.Inputs;
        var members = DecoySource.MemberOptions(request.HeldOut, inputs.ShownDatasetOptions);
        return request.Audit with { Inputs = inputs with { DatasetOptions = members } };
    }

    private static (IReadOnlyList<QueryPicture> Pictures, IReadOnlyList<TrainingItem> HeldOut) ReadQueries(
        EvaluationRequest request,
        AuditStages stages
    )
    {
        var generated = QueryPictures.Read(request.Audit);
        if (generated.Refused.Count > 0)
            throw new AuditException(generated.Refused[0].Reason);
        if (request.HeldOut is not { } heldOut)
            return (generated.Readable, []);
        var inputs = request.Audit.Inputs;
        var (path, options) = DecoySource.Location(heldOut, inputs.Dataset, inputs.ShownDatasetOptions);
        var set = TrainingSetLoader.Load(request.Audit.Resolve(path), options, stages.Progress, stages.Cancellation);
        var distinct = set.Items.DistinctBy(item => item.PixelSha256);
        List<TrainingItem> items = [.. distinct.Take(request.HeldOutCount ?? int.MaxValue)];
        var first = generated.Readable.Count;
        var pictures = items.Select((item, place) => QueryPicture.Of(set, item, first + place));
        return ([.. generated.Readable, .. pictures], items);
    }

    /// <summary>Trains this process's share of the models that are missing; whether all are there then.</summary>
    public bool Train(IReadOnlyList<RetrainingJob> jobs)
    {
        _study.Value.Train([.. Request.Share.Of(jobs)], _stages.Progress, _stages.Cancellation);
        return Request.Share == JobShare.All;
    }

    /// <summary>
    /// Trains this process's share of models of another dataset, as often over each of its pictures; whether all are
    /// there then.
    /// </summary>
    /// <param name="study">The folder of these models, absolute.</param>
    public bool Train(TrainingSet set, string study, IReadOnlyList<RetrainingJob> jobs)
    {
        var machine = Request.Audit.Machine;
        new RetrainingStudy(study, _recipe.Value.On(set), machine.Device, machine.Threads).Train(
            [.. Request.Share.Of(jobs)],
            _stages.Progress,
            _stages.Cancellation
        );
        return Request.Share == JobShare.All;
    }

    /// <summary>The errors of all queries under each job's model.</summary>
    /// <param name="reference">Changes are taken to this job's model; null for the audited model.</param>
    public IReadOnlyList<QueryErrors> Errors(IReadOnlyList<RetrainingJob> jobs, RetrainingJob? reference = null)
    {
        var model = _session.Material.Model;
        var queries = _session.Queries.Select(query => query.Input).ToList();
        var (threads, memory) = (Request.Audit.Machine.Threads, Request.Audit.Options.Gradients.Memory);
        var errors = new StudyErrors(_study.Value, model, Request.Truth, queries, threads, memory);
        return errors.Compute(jobs, reference, _stages.Progress, _stages.Cancellation);
    }

    /// <summary>Whether the model of a job is there.</summary>
    public bool IsTrained(RetrainingJob job) => _study.Value.IsDone(job);

    /// <summary>The queries that the model generated, to be generated again by models of the study.</summary>
    /// <exception cref="AuditException">How one was generated is not known, or cannot be followed.</exception>
    public RegeneratedQueries Regenerated()
    {
        var queries = Generated.Select(query => Queries[query]).ToList();
        var generated = GeneratedQueries.Of(Request.Audit, queries, Model);
        var pictures = new StudyPictures(
            _study.Value,
            _session.Material.Model,
            generated,
            Request.Audit.Machine.Threads
        );
        return new(pictures, queries, Model.PictureShape, _stages);
    }

    /// <summary>Inner products of the residuals of the jobs' models, for each query.</summary>
    public IReadOnlyList<double[,]> Grams(IReadOnlyList<RetrainingJob> jobs)
    {
        var model = _session.Material.Model;
        var queries = _session.Queries.Select(query => query.Input).ToList();
        var grams = new ResidualGrams(Models, model, Request.Truth, queries, Request.Audit.Machine.Threads);
        return grams.Of(jobs, _stages.Progress, _stages.Cancellation);
    }

    /// <summary>Errors as a table that can be written.</summary>
    public LossTable Table(IReadOnlyList<RetrainingJob> jobs, IReadOnlyList<QueryErrors> errors) =>
        new(
            [.. jobs.Select(job => job.Name)],
            [.. _session.Queries.Select(query => query.Picture.Path)],
            Timesteps,
            errors
        );

    /// <summary>The methods of the request.</summary>
    public IReadOnlyList<IAttributionMethod> Methods => _session.Plan.Options.Methods;

    /// <summary>Their options.</summary>
    public MethodOptions MethodOptions => _session.Plan.Options.Method;

    /// <summary>The queries, each with all training pictures as candidates.</summary>
    public IReadOnlyList<AuditQuery> Queries => _session.Queries;

    /// <summary>The models that were trained for this evaluation.</summary>
    public StudyModels Models => _models.Value;

    /// <summary>Model, pictures and plan.</summary>
    public AuditMaterial Material => _session.Material;

    /// <summary>Runs and measures what an evaluation does.</summary>
    public AuditStages Stages => _stages;

    /// <summary>Reads something off the scores of each variant for each query.</summary>
    /// <param name="read">Null where a variant has nothing to say; it is left out then.</param>
    public IReadOnlyList<MethodReading<T>> Read<T>(
        IReadOnlyList<MethodVariant> variants,
        Func<MethodVariant, AuditQuery, MethodScores, T?> read
    )
        where T : class => Read(_session, variants, read);

    /// <summary>Reads the same off scores under the model of a job in the place of the audited one.</summary>
    public IReadOnlyList<MethodReading<T>> ReadUnder<T>(
        RetrainingJob job,
        IReadOnlyList<MethodVariant> variants,
        Func<MethodVariant, AuditQuery, MethodScores, T?> read
    )
        where T : class
    {
        var request = WithoutHeldOut(Request);
        var source = request.Inputs.Model.WithTrained(_study.Value.FolderOf(job));
        var audit = request with { Inputs = request.Inputs with { Model = source } };
        using var session = AuditSession.Open(audit, [.. Queries.Select(q => q.Picture)], region: null, _stages);
        return Read(session, variants, read);
    }

    public void Dispose() => _session.Dispose();

    private IReadOnlyList<MethodReading<T>> Read<T>(
        AuditSession session,
        IReadOnlyList<MethodVariant> variants,
        Func<MethodVariant, AuditQuery, MethodScores, T?> read
    )
        where T : class
    {
        using var inputs = _stages.Run("gradients", session.ReadInputs);
        var readings = new List<MethodReading<T>>();
        foreach (var (number, variant) in variants.Index())
        {
            if (Read(variant, session.Queries, inputs, read, Report) is { } reading)
                readings.Add(reading);
            Report(session.Queries.Count);

            void Report(int scored)
            {
                var queries = session.Queries.Count;
                var done = number * queries + scored;
                _stages.Progress?.Report(new("scoring", done, variants.Count * queries, variant.Id));
            }
        }

        return readings;
    }

    private MethodReading<T>? Read<T>(
        MethodVariant variant,
        IReadOnlyList<AuditQuery> queries,
        MethodInputReader inputs,
        Func<MethodVariant, AuditQuery, MethodScores, T?> read,
        Action<int> report
    )
        where T : class
    {
        var ofQueries = new List<T>();
        var isDamped = false;
        foreach (var query in queries)
        {
            report(ofQueries.Count);
            var scores = variant.Method.Score(inputs.For(variant.Method, query), variant.Options, _stages.Cancellation);
            if (read(variant, query, scores) is not { } reading)
                return null;
            ofQueries.Add(reading);
            isDamped = MethodSettings.IsDamped(variant.Method, scores);
        }

        var rule = variant.Options.Damping ?? variant.Method.Description.Damping;
        return new(variant, isDamped ? variant.Method.Description.OwnDamping ?? rule?.ToString() : null, ofQueries);
    }
}
