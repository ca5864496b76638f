using DasAudit.Abstractions;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Audits;

/// <summary>Other pictures that the audited model generated, against which the scores for an audited one are tested.</summary>
internal sealed class NullQueries
{
    private readonly string _folder;
    private readonly IReadOnlyList<NullQuery> _all;
    private IReadOnlyList<float[]>? _similarities;

    private NullQueries(string folder, IReadOnlyList<NullQuery> all) => (_folder, _all) = (folder, all);

    /// <summary>No others.</summary>
    public static NullQueries None() => new("", []);

    /// <summary>All of them, each picture once.</summary>
    public IReadOnlyList<NullQuery> All => _all;

    /// <summary>Reads the pictures of a folder. What a class-conditional model was asked for is what the folder's metadata says, else what it was for the audited picture.</summary>
    /// <exception cref="AuditException">The folder cannot be read or holds no picture.</exception>
    public static NullQueries Load(
        AuditRequest request,
        string folder,
        IDiffusionModel model,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var set = TrainingSetLoader.Load(request.Resolve(folder), new() { ShownAs = folder }, progress, cancellation);
        return new(
            folder,
            [
                .. set
                    .Items.DistinctBy(item => item.PixelSha256)
                    .Select(item => new NullQuery(
                        KeyedPicture.Of(
                            model,
                            set,
                            item with
                            {
                                Metadata = item.Metadata with { Label = item.Label ?? request.QueryClass },
                            }
                        ),
                        item,
                        () => set.Read(item)
                    )),
            ]
        );
    }

    /// <summary>Those that are not the audited picture itself.</summary>
    public IEnumerable<NullQuery> Beside(HashedPicture query) =>
        _all.Where(other => other.Item.PixelSha256 != query.PixelSha256);

    /// <summary>Refuses a folder that holds nothing but the audited picture.</summary>
    public void Check(HashedPicture query, string image)
    {
        if (_all.Count > 0 && !Beside(query).Any())
            throw new AuditException(
                $"'{_folder}' holds no other picture than '{image}'; give a folder of other pictures that the model generated."
            );
    }

    /// <summary>Compares them with all training pictures and decoys.</summary>
    public void Compare(EmbeddingIndex index, CancellationToken cancellation) =>
        _similarities = [.. _all.Select(other => index.Similarities(other.Read(), cancellation))];

    /// <summary>Cosines of the embeddings of those beside the audited picture, [query][item]; empty before <see cref="Compare"/>.</summary>
    public IEnumerable<float[]> Similarities(HashedPicture query, IReadOnlyList<TrainingItem> items) =>
        _similarities is null
            ? []
            : _all.Zip(_similarities)
                .Where(pair => pair.First.Item.PixelSha256 != query.PixelSha256)
                .Select(pair => items.Select(item => pair.Second[item.Index]).ToArray());
}

/// <summary>One of them.</summary>
/// <param name="Picture">As features want it.</param>
/// <param name="Item">As the folder has it.</param>
/// <param name="Read">Its pixels.</param>
internal sealed record NullQuery(KeyedPicture Picture, TrainingItem Item, Func<Picture> Read);
