using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Candidates;

/// <summary>
/// Random training pictures that are no candidates and stand in a kernel for all such, so that in expectation it is the
/// kernel of the whole dataset. They come first in one random order, whatever the query, so that queries share most.
/// </summary>
/// <param name="Items">In the dataset's order.</param>
/// <param name="Weight">How many training pictures each stands for: (n − n_c)/N.</param>
internal sealed record BackgroundSample(IReadOnlyList<TrainingItem> Items, double Weight)
{
    /// <summary>No background: the kernel is of the candidates alone.</summary>
    public static BackgroundSample None { get; } = new([], 1);

    /// <summary>Draws N = <c>count</c> pictures, or all that are left if they are fewer; null for all.</summary>
    /// <param name="set">The training set; items of higher numbers, such as decoys, do not matter.</param>
    public static BackgroundSample Draw(TrainingSet set, IReadOnlyList<Candidate> candidates, int? count, long seed)
    {
        var chosen = candidates.Select(candidate => candidate.Item.Index).ToHashSet();
        var left = new NoiseSource(seed)
            .Permutation(new(NoisePurpose.Background, 0, 0), set.Items.Count)
            .Where(index => !chosen.Contains(index))
            .ToList();
        if (left.Count == 0 || count == 0)
            return None;
        var items = left.Take(count ?? left.Count).Order().Select(index => set.Items[index]).ToList();
        return new(items, (double)left.Count / items.Count);
    }
}
