using System.Security.Cryptography;
using System.Text;
using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Datasets;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Reports;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Audits;

/// <summary>What models retrained on parts of the dataset make of the queries, and which pictures each of them saw.</summary>
internal sealed class RetrainedEvidence
{
    private readonly List<Seen> _models;
    private readonly IReadOnlyList<string> _notes;

    private RetrainedEvidence(List<Seen> models, IReadOnlyList<string> notes)
    {
        (_models, _notes) = (models, notes);
        var lines = models
            .Select(model => $"{model.WeightsSha256} {model.Model.RecordSha256}\n")
            .Order(StringComparer.Ordinal);
        Info = new(
            models.Count,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(lines))))
        );
    }

    /// <summary>The models, for the report.</summary>
    public RetrainedInfo Info { get; }

    /// <summary>
    /// Loads each model in turn and computes the loss of every query, under the same noise for all models. Models are put in the order of their
    /// weights' hashes, so that the folders' names change nothing.
    /// </summary>
    /// <param name="request">The audit.</param>
    /// <param name="audited">The audited model.</param>
    /// <param name="set">The training set.</param>
    /// <param name="root">Its Merkle root.</param>
    /// <param name="queries">The queries, and others for null distributions.</param>
    /// <param name="progress">Told of each finished model; may be null.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="AuditException">There are none or too few, or one cannot be used.</exception>
    public static RetrainedEvidence Gather(
        AuditRequest request,
        IDiffusionModel audited,
        TrainingSet set,
        string root,
        IEnumerable<KeyedPicture> queries,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var found = RetrainedSet.Find(request.Methods, request.Retrained, request.Resolve);
        RetrainedSet.Check(found, set, root, request.Dataset);

        var (kind, pictures) = (Kind(audited), queries.DistinctBy(query => query.Key).ToList());
        var (rows, workers) = SimpleLoss
            .Memory(audited)
            .Fit(request.Device.type, request.Environment.Threads, request.Gradients.Memory);
        var (gate, count, seen) = (new Lock(), 0, new Seen[found.Count]);
        Workers.Run(
            NewDisposeScope,
            workers,
            found.Count,
            (_, m) =>
            {
                cancellation.ThrowIfCancellationRequested();
                using var model = Load(request, found[m], gate);
                if (Kind(model) != kind)
                    throw new AuditException(
                        $"The retrained model '{found[m].Path}' is of another kind than the audited one ({Parameters(model)} parameters, and that has {Parameters(audited)}); train it from the audited model's own configuration."
                    );
                var losses = pictures.ToDictionary(picture => picture.Key, picture => Loss(model, found[m], picture));
                lock (gate)
                {
                    seen[m] = new(found[m], ModelSource.Hash(model), found[m].Record.Pictures?.ToHashSet(), losses);
                    progress?.Report(new("comparing retrained models", ++count, found.Count));
                }
            }
        );
        return new(
            [
                .. seen.OrderBy(model => model.WeightsSha256, StringComparer.Ordinal)
                    .ThenBy(model => model.Model.Path, StringComparer.Ordinal),
            ],
            [.. RetrainedSet.Notes(found, root)]
        );

        double Loss(IDiffusionModel model, RetrainedModel own, KeyedPicture picture)
        {
            var loss = SimpleLoss.Of(model, picture.Picture, request.Gradients, rows, cancellation);
            return double.IsFinite(loss)
                ? loss
                : throw new AuditException(
                    $"The loss of '{picture.Picture.Name}' under the retrained model '{own.Path}' is not finite; leave that model out, or train it again."
                );
        }
    }

    /// <summary>Loads one of them.</summary>
    /// <param name="request">The audit.</param>
    /// <param name="model">Which.</param>
    /// <param name="gate">Held meanwhile: adapters are called from one thread at a time.</param>
    public static IDiffusionModel Load(AuditRequest request, RetrainedModel model, Lock gate)
    {
        lock (gate)
            return (request.Model with { Path = model.Path }).Load(request.Device);
    }

    /// <summary>What a method looks at for one query.</summary>
    /// <param name="queries">The query, then others for null distributions.</param>
    /// <param name="members">The candidates of the training set.</param>
    public RetrainedModels Of(IEnumerable<KeyedPicture> queries, IReadOnlyList<TrainingItem> members)
    {
        var keys = queries.Select(query => query.Key).ToList();
        return new(
            [.. _models.Select(model => members.Select(model.Saw).ToArray())],
            [.. _models.Select(model => keys.Select(key => model.Losses[key]).ToArray())]
        );
    }

    /// <summary>Sentences that the reader of one query's report must know.</summary>
    public IEnumerable<string> Notes(IReadOnlyList<TrainingItem> members)
    {
        yield return FormattableString.Invariant(
            $"Losses were compared under {_models.Count} retrained models; which pictures each of them happened to see is a chance that no interval covers, and below hundreds of models it outweighs the influence of most single pictures."
        );
        foreach (var note in _notes)
            yield return note;
        var unknown = members.Count(item =>
            _models.Count(model => model.Saw(item)) is var count && (count == 0 || count == _models.Count)
        );
        if (unknown > 0)
            yield return FormattableString.Invariant(
                $"{unknown} of {members.Count} candidates {(unknown == 1 ? "was" : "were")} seen by all or by none of the {_models.Count} retrained models, which then say nothing about {(unknown == 1 ? "it: its" : "them: their")} score is 0; train more models."
            );
    }

    private static string Kind(IDiffusionModel model) =>
        string.Join(
            '\n',
            model
                .Network.named_parameters()
                .Select(p => $"{p.name} {string.Join('×', p.parameter.shape)}")
                .Append($"{model.PictureShape} {model.PredictionType} {model.Schedule.TrainTimesteps}")
        );

    private static string Parameters(IDiffusionModel model) =>
        FormattableString.Invariant($"{model.Network.parameters().Sum(p => p.numel())}");

    private sealed record Seen(
        RetrainedModel Model,
        string WeightsSha256,
        HashSet<string>? Pictures,
        Dictionary<FeatureKey, double> Losses
    )
    {
        public bool Saw(TrainingItem item) => Pictures?.Contains(item.PixelSha256) ?? true;
    }
}
