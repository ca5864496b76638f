using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Candidates;

/// <summary>
/// Chooses the training pictures worth scoring: the union of the tiers exact, near-duplicate, semantic (or all), included-owner and control.
/// </summary>
public sealed class CandidateSelector
{
    private readonly TrainingSet _trainingSet;
    private readonly EmbeddingIndex? _index;
    private readonly IReadOnlyList<ICandidateTier> _tiers;

    /// <summary>A selector for any number of queries.</summary>
    /// <param name="trainingSet">The training pictures.</param>
    /// <param name="options">Which to choose.</param>
    /// <param name="index">Embeddings of the training set; null without an encoder.</param>
    /// <exception cref="AuditException">Fewer pictures than the dataset holds are wanted and nothing tells which.</exception>
    public CandidateSelector(TrainingSet trainingSet, CandidateOptions options, EmbeddingIndex? index = null)
    {
        ArgumentNullException.ThrowIfNull(trainingSet);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.NearDuplicateDistance);
        ArgumentOutOfRangeException.ThrowIfNegative(options.ControlSize);
        if (options.Limit < 1)
            throw new AuditException($"{options.Limit} candidates cannot be chosen; give at least 1, or all.");
        if (index is not null && index.Count != trainingSet.Items.Count)
            throw new ArgumentException("The embeddings are of another training set.", nameof(index));
        var everything = options.Limit is null || options.Limit >= trainingSet.Items.Count;
        if (!everything && index is null)
            throw new AuditException(
                $"Without an image encoder nothing tells which {options.Limit} of the {trainingSet.Items.Count} training pictures to look at; give --encoder DIR or --candidates all."
            );
        _trainingSet = trainingSet;
        _index = index;
        _tiers =
        [
            new ExactTier(),
            new NearDuplicateTier(options.NearDuplicateDistance),
            everything ? new WholeDatasetTier() : new SemanticTier(options.Limit!.Value),
            new IncludedOwnerTier(options.IncludedOwners),
            new ControlTier(options.ControlSize, options.Seed),
        ];
    }

    /// <summary>The candidates of a query.</summary>
    /// <param name="query">The generated picture.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="AuditException">No picture belongs to an included owner, or the encoder fails.</exception>
    public CandidateSelection Select(HashedPicture query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var similarities = _index?.Similarities(query.Picture, cancellation);
        var reasons = new SortedDictionary<int, List<string>>();
        var counts = new List<TierCount>();
        foreach (var tier in _tiers)
        {
            cancellation.ThrowIfCancellationRequested();
            var indices = tier.Select(
                    new CandidateQuery(query, _trainingSet.Items, similarities, reasons.Keys.ToHashSet())
                )
                .ToHashSet();
            foreach (var index in indices)
            {
                if (!reasons.TryGetValue(index, out var tiers))
                    reasons.Add(index, tiers = []);
                tiers.Add(tier.Name);
            }

            counts.Add(new TierCount(tier.Name, indices.Count));
        }

        return new CandidateSelection(
            [.. reasons.Select(r => new Candidate(_trainingSet.Items[r.Key], r.Value, similarities?[r.Key]))],
            counts
        );
    }
}
