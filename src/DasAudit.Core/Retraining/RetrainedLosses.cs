using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Attribution;
using DasAudit.Core.Datasets;
using DasAudit.Core.Features.Store;

namespace DasAudit.Core.Retraining;

/// <summary>What models retrained on parts of the dataset make of the queries, and which pictures each saw.</summary>
internal sealed class RetrainedLosses
{
    private readonly IReadOnlyList<RetrainedModelLosses> _models;

    /// <summary>Puts the models in the order of their weights' hashes: the folders' names change nothing.</summary>
    public RetrainedLosses(IEnumerable<RetrainedModelLosses> models)
    {
        _models =
        [
            .. models
                .OrderBy(model => model.WeightsSha256, StringComparer.Ordinal)
                .ThenBy(model => model.Model.Path, StringComparer.Ordinal),
        ];
        var lines = _models
            .Select(model => $"{model.WeightsSha256} {model.Model.RecordSha256}\n")
            .Order(StringComparer.Ordinal);
        var digest = SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(lines)));
        Sha256 = Convert.ToHexStringLower(digest);
    }

    public int Count => _models.Count;

    /// <summary>Over each model's hashes of its weights and of the record of its training, ascending.</summary>
    public string Sha256 { get; }

    /// <summary>What a method looks at for one query.</summary>
    /// <param name="queries">The query, then others for null distributions.</param>
    public RetrainedModels Of(IEnumerable<KeyedPicture> queries, IReadOnlyList<TrainingItem> members)
    {
        var keys = queries.Select(query => query.Key).ToList();
        return new(
            [.. _models.Select(model => members.Select(model.Saw).ToArray())],
            [.. _models.Select(model => keys.Select(key => model.Losses[key]).ToArray())]
        );
    }

    /// <summary>Sentences that the reader of one query's report must know.</summary>
    /// <param name="root">Merkle root of the training set.</param>
    public IEnumerable<string> Notes(IReadOnlyList<TrainingItem> members, string root)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Losses were compared under {_models.Count} retrained models; which pictures each of them happened to "
                + $"see is a chance that no interval covers, and below hundreds of models it outweighs the influence "
                + $"of most single pictures."
        );
        foreach (var note in RetrainedSet.Notes([.. _models.Select(model => model.Model)], root))
            yield return note;
        var untold = members.Count(SeenByAllOrNone);
        if (untold == 0)
            yield break;
        var (were, their) = untold == 1 ? ("was", "it: its") : ("were", "them: their");
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{untold} of {members.Count} candidates {were} seen by all or by none of the {_models.Count} retrained "
                + $"models, which then say nothing about {their} score is 0; train more models."
        );
    }

    private bool SeenByAllOrNone(TrainingItem item)
    {
        var count = _models.Count(model => model.Saw(item));
        return count == 0 || count == _models.Count;
    }
}

/// <summary>The losses under one retrained model.</summary>
/// <param name="WeightsSha256">Over the names and bytes of all files that decide its predictions.</param>
internal sealed record RetrainedModelLosses(
    RetrainedModel Model,
    string WeightsSha256,
    IReadOnlyDictionary<FeatureKey, double> Losses
)
{
    private readonly HashSet<string>? _pictures = Model.Record.Pictures?.ToHashSet();

    public bool Saw(TrainingItem item) => _pictures?.Contains(item.PixelSha256) ?? true;
}
