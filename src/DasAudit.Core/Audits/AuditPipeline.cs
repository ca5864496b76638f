using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>
/// The audit: a query and a model meet a dataset, a selector keeps the plausible few, what the methods look at is read off the model, the
/// methods turn it into scores, and scores with their circumstances become a report.
/// </summary>
/// <param name="time">Clock of reports and timings.</param>
/// <param name="progress">Told of long stages; may be null.</param>
public sealed class AuditPipeline(TimeProvider time, IProgress<StageProgress>? progress)
{
    /// <summary>Audits every requested picture. Each report is the same as if its picture had been audited alone.</summary>
    /// <returns>One report a picture, in the order asked for; computed as they are taken, so that each can be stored at once.</returns>
    /// <exception cref="AuditException">An input cannot be used; nothing is left behind, but for features that were computed and kept.</exception>
    public IEnumerable<StoredReport> Run(AuditRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (
            request.Method.Damping is CrossValidation
            && request.Methods.FirstOrDefault(method =>
                method.Description.Damping is not null && !method.Needs.TangentTargets
            )
                is { } other
        )
            throw CrossValidation.NoTargets(other.Description.Id);
        var timings = new StageTimings(time);
        var queries = timings.Measure(
            "queries",
            () => request.Images.Select(path => PictureReader.Read(request.Resolve(path), path)).ToList()
        );
        using var model = timings.Measure("model", () => request.Model.Load(request.Device));
        var plan = FeaturePlan.Of(request.Methods, request.Model, request.Gradients, model, request.Sampling);
        var shown = request.DatasetOptions with { ShownAs = request.Dataset };
        var memberOptions = DecoySource.MemberOptions(request.Decoys, shown);
        var decoys =
            request.Decoys is { } source && DecoySource.Location(source, request.Dataset, shown) is var (path, options)
                ? timings.Measure(
                    "decoys",
                    () => TrainingSetLoader.Load(request.Resolve(path), options, progress, cancellation)
                )
                : null;
        var set = timings.Measure(
            "dataset",
            () => TrainingSetLoader.Load(request.Resolve(request.Dataset), memberOptions, progress, cancellation)
        );
        var pool = decoys is null
            ? PicturePool.Of(set)
            : PicturePool.Of(set, decoys, DecoySource.Describe(request.Decoys!));
        var others = request.NullQueries is { } folder
            ? timings.Measure("null queries", () => NullQueries.Load(request, folder, model, progress, cancellation))
            : NullQueries.None();
        foreach (var (query, image) in queries.Zip(request.Images))
            others.Check(query, image);
        var root = MerkleRoot.Compute(set.Items);
        KeyedPicture Keyed(int q) => KeyedPicture.Of(model, request.Images[q], queries[q], request.QueryClass);
        var retrained = RetrainedSet.Wanted(request.Methods)
            ? timings.Measure(
                "retrained models",
                () =>
                    RetrainedEvidence.Gather(
                        request,
                        model,
                        set,
                        root,
                        [
                            .. Enumerable.Range(0, queries.Count).Select(Keyed),
                            .. others.All.Select(other => other.Picture),
                        ],
                        progress,
                        cancellation
                    )
            )
            : null;
        var context = new AuditContext(
            request,
            Describe(request, model),
            model.PictureShape,
            plan.Gradients(request.Methods[0]).TimestepGrid(model.Schedule.TrainTimesteps),
            set,
            pool,
            root,
            plan.Substitutions
        )
        {
            Projection = plan.Gradients(request.Methods[0]).Projection.ToString(),
            Retrained = retrained?.Info,
            Decoys = decoys is null
                ? null
                : new(request.Decoys!, MerkleRoot.Compute(decoys.Items), decoys.Items.Count, decoys.Skipped.Count),
        };

        var candidates = timings.Measure(
            "candidates",
            () => SelectCandidates(request, queries, pool, others, cancellation)
        );
        var backgrounds = candidates
            .Select(chosen =>
                BackgroundSample.Draw(
                    set,
                    chosen.Candidates,
                    EvidenceGatherer.LooksAtBackground(request.Methods) ? request.Background : 0,
                    request.Gradients.Seed
                )
            )
            .ToList();
        var evidence = new EvidenceGatherer(context, model, plan, others, progress);
        timings.Measure("gradients", () => evidence.Gather(queries, candidates, backgrounds, cancellation));
        context = context with { Notes = [.. context.Notes, .. evidence.Notes] };
        for (var q = 0; q < queries.Count; q++)
        {
            var (query, chosen, background) = (queries[q], candidates[q], backgrounds[q]);
            var members = chosen.Candidates.Select(c => c.Item).Where(pool.IsMember).ToList();
            var seen = retrained?.Of([Keyed(q), .. others.Beside(query).Select(other => other.Picture)], members);
            var scores = timings.Measure(
                "attribution",
                () =>
                    request
                        .Methods.Select(
                            (method, m) =>
                                method.Score(
                                    evidence.Inputs(method, q, query, chosen, background, cancellation) with
                                    {
                                        Retrained = seen,
                                    },
                                    request.Method with
                                    {
                                        WithCurve = m == 0,
                                        WithRefits = m == 0 && request.Subset > 0,
                                    },
                                    cancellation
                                )
                        )
                        .ToList()
            );
            yield return ReportBuilder.Build(
                context with
                {
                    Notes = [.. context.Notes, .. retrained?.Notes(members) ?? []],
                },
                request.Images[q],
                query,
                chosen,
                background,
                scores,
                time.GetUtcNow(),
                timings
            );
        }
    }

    private List<CandidateSelection> SelectCandidates(
        AuditRequest request,
        List<HashedPicture> queries,
        PicturePool pool,
        NullQueries others,
        CancellationToken cancellation
    )
    {
        var cache = request.CacheFolder is { } folder ? new EmbeddingCache(folder) : null;
        var index = request.Encoder is { } encoder
            ? EmbeddingIndex.Build(pool, encoder, cache, progress, cancellation)
            : null;
        if (index is not null && request.Methods.Any(method => method.Needs.Embeddings))
            others.Compare(index, cancellation);
        var selector = new CandidateSelector(pool, request.Candidates with { Seed = request.Gradients.Seed }, index);
        return [.. queries.Select(query => selector.Select(query, cancellation))];
    }

    private static ModelInfo Describe(AuditRequest request, IDiffusionModel model)
    {
        var attributed = AttributedParameters.Select(model.Network, request.Gradients.Parameters);
        return new(
            request.Model.Adapter.Name,
            request.Model.AdapterVersion,
            request.Model.AdapterSha256,
            request.Model.Path,
            ModelSource.Hash(model),
            model.Network.parameters().Sum(p => p.numel()),
            attributed.Count
        );
    }
}
