using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Pictures.Generation;

namespace DasAudit.Core.Audits;

/// <summary>Other pictures that the model generated; the scores for an audited one are tested against them.</summary>
internal sealed class NullQueries
{
    private readonly string _folder;
    private IReadOnlyList<float[]>? _similarities;

    private NullQueries(string folder, IReadOnlyList<NullQuery> queries, IReadOnlyList<string> notes)
    {
        _folder = folder;
        All = queries;
        Notes = notes;
    }

    /// <summary>All of them, each picture once.</summary>
    public IReadOnlyList<NullQuery> All { get; }

    /// <summary>Which prompts they were looked at under, in sentences; none for a model without.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Reads the folder, if any; classes are those of its metadata, else the audited pictures'.</summary>
    /// <param name="region">The part of each that is looked at, as of the audited ones; null for all.</param>
    public static NullQueries Load(
        AuditRequest request,
        IDiffusionModel model,
        IReadOnlyList<QueryPicture> audited,
        AuditStages stages,
        RegionWeights? region = null
    )
    {
        if (request.Inputs.NullQueries is not { } folder)
            return new("", [], []);
        return stages.Run("null queries", () => Load(request, folder, model, audited, region, stages));
    }

    /// <summary>Those that are not the audited picture itself.</summary>
    public IEnumerable<NullQuery> Beside(HashedPicture audited) =>
        All.Where(query => query.Item.PixelSha256 != audited.PixelSha256);

    /// <summary>Compares them with all training pictures and decoys.</summary>
    public void Compare(EmbeddingIndex index, CancellationToken cancellation) =>
        _similarities = [.. All.Select(query => index.Similarities(query.Read(), cancellation))];

    /// <summary>Cosines of embeddings, [other query][scored]; empty before <see cref="Compare"/>.</summary>
    public IEnumerable<float[]> Similarities(AuditQuery audited)
    {
        if (_similarities is null)
            return [];
        return All.Zip(_similarities)
            .Where(pair => pair.First.Item.PixelSha256 != audited.Picture.Picture.PixelSha256)
            .Select(pair => audited.Scored.Select(item => pair.Second[item.Index]).ToArray());
    }

    private static NullQueries Load(
        AuditRequest request,
        string folder,
        IDiffusionModel model,
        IReadOnlyList<QueryPicture> audited,
        RegionWeights? region,
        AuditStages stages
    )
    {
        var options = request.Inputs.DatasetOptions.ForOther(folder);
        var set = TrainingSetLoader.Load(request.Resolve(folder), options, stages.Progress, stages.Cancellation);
        var prompts = model.TakesCaptions() ? new NullQueryPrompts(set) : null;
        var queries = set
            .Items.DistinctBy(item => item.PixelSha256)
            .Select(item => Query(model, set, item, ClassOf(item, request.Inputs), prompts))
            .Select(query => query with { Input = query.Input.In(region) });
        var classes = set.Items.Select(item => (Path.Combine(folder, item.Path), ClassOf(item, request.Inputs)));
        PictureClasses.Check(model, classes, "state its label in the metadata");
        var nullQueries = new NullQueries(
            folder,
            [.. queries],
            [.. prompts?.Notes(folder, request.Inputs.Prompts) ?? []]
        );
        stages.Progress.Notify(nullQueries.Notes);
        foreach (var picture in audited)
            nullQueries.CheckBeside(picture);
        return nullQueries;
    }

    private static int? ClassOf(TrainingItem item, AuditInputs inputs) => item.Label ?? inputs.CommonClass;

    private static NullQuery Query(
        IDiffusionModel model,
        TrainingSet set,
        TrainingItem item,
        int? label,
        NullQueryPrompts? prompts
    )
    {
        var metadata = item.Metadata with
        {
            Label = label,
            Caption = prompts is null ? item.Caption : prompts.Of(item),
        };
        return new(KeyedPicture.Of(model, set, item with { Metadata = metadata }), item, () => set.Read(item))
        {
            Facts = () => FactsOf(Path.Combine(set.Path, item.Path), item.Path),
        };
    }

    // What is packed in a file stands nowhere alone.
    private static GenerationFacts? FactsOf(string path, string name) =>
        File.Exists(path) ? GenerationReader.Read(path, name).Facts : null;

    private void CheckBeside(QueryPicture audited)
    {
        if (!Beside(audited.Picture).Any())
            throw new AuditException(
                $"'{_folder}' holds no other picture than '{audited.Path}'; give a folder of other pictures that the "
                    + "model generated."
            );
    }
}

/// <summary>One of them; the item is as the folder has it, without the audited pictures' class.</summary>
internal sealed record NullQuery(KeyedPicture Input, TrainingItem Item, Func<Picture> Read)
{
    /// <summary>Reads what it says of its generation; null for nothing.</summary>
    public required Func<GenerationFacts?> Facts { get; init; }
}
