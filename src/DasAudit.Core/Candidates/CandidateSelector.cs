using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Candidates;

/// <summary>Chooses the pictures worth scoring: what any of the tiers brings in.</summary>
internal sealed class CandidateSelector
{
    private readonly IReadOnlyList<TrainingItem> _items;
    private readonly EmbeddingIndex? _index;
    private readonly IReadOnlyList<ICandidateTier> _tiers;

    /// <param name="index">Embeddings of <paramref name="pictures"/>; null without an encoder.</param>
    public CandidateSelector(IPictureSet pictures, CandidateOptions options, EmbeddingIndex? index = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.NearDuplicateDistance);
        ArgumentOutOfRangeException.ThrowIfNegative(options.ControlSize);
        if (index is not null && index.Count != pictures.Items.Count)
            throw new ArgumentException("The embeddings are of other pictures.", nameof(index));
        Check(pictures, options, hasEncoder: index is not null);
        _items = pictures.Items;
        _index = index;
        var everything = IsEverything(pictures, options);
        _tiers =
        [
            new ExactTier(),
            new NearDuplicateTier(options.NearDuplicateDistance),
            everything ? new WholeDatasetTier() : new SemanticTier(options.Limit!.Value),
            new IncludedOwnerTier(options.IncludedOwners),
            new ControlTier(options.ControlSize, options.Seed),
        ];
    }

    public static void CheckLimit(CandidateOptions options)
    {
        if (options.Limit < 1)
            throw new AuditException($"{options.Limit} candidates cannot be chosen; give at least 1, or all.");
    }

    /// <summary>Refuses what the pictures do not allow, before anything is embedded.</summary>
    public static void Check(IPictureSet pictures, CandidateOptions options, bool hasEncoder)
    {
        CheckLimit(options);
        if (!hasEncoder && !IsEverything(pictures, options))
            throw new AuditException(
                $"Without an image encoder nothing tells which {options.Limit} of the {pictures.Items.Count} training "
                    + $"pictures to look at; give {Settings.Name("encoder")} DIR or {Settings.Name("candidates")} all."
            );
        IncludedOwnerTier.Check(pictures.Items, options.IncludedOwners);
    }

    public CandidateSelection Select(HashedPicture query, CancellationToken cancellation = default)
    {
        var similarities = _index?.Similarities(query.Picture, cancellation);
        var reasons = new SortedDictionary<int, List<string>>();
        var counts = new List<TierCount>();
        foreach (var tier in _tiers)
        {
            cancellation.ThrowIfCancellationRequested();
            var indices = tier.Select(new CandidateQuery(query, _items, similarities, reasons.Keys.ToHashSet()))
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
            [.. reasons.Select(r => new Candidate(_items[r.Key], r.Value, similarities?[r.Key]))],
            counts
        );
    }

    private static bool IsEverything(IPictureSet pictures, CandidateOptions options) =>
        options.Limit is null || options.Limit >= pictures.Items.Count;
}
