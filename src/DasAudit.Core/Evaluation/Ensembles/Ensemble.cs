using DasAudit.Core.Datasets;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation.Ensembles;

/// <summary>Members of an ensemble, and which of them saw which pictures.</summary>
internal sealed class Ensemble
{
    private const int Fewest = 2;

    private readonly HashSet<string>[] _seen;

    /// <param name="pool">All pictures that members were drawn from.</param>
    public Ensemble(IReadOnlyList<RetrainingJob> jobs, IEnumerable<TrainingItem> pool)
    {
        _seen = [.. jobs.Select(job => job.Pictures.Select(item => item.PixelSha256).ToHashSet())];
        Pictures = [.. pool.DistinctBy(item => item.PixelSha256).Where(item => CanTell(Saw([item])))];
    }

    /// <summary>M.</summary>
    public int Count => _seen.Length;

    /// <summary>Different pictures that two members at least saw and two did not, in set order.</summary>
    public IReadOnlyList<TrainingItem> Pictures { get; }

    /// <summary>Whether each member saw one of some pictures.</summary>
    public bool[] Saw(IReadOnlyList<TrainingItem> pictures) =>
        [.. _seen.Select(seen => pictures.Any(picture => seen.Contains(picture.PixelSha256)))];

    /// <summary>Whether means over those that saw and those that did not can be compared.</summary>
    public static bool CanTell(IReadOnlyCollection<bool> saw)
    {
        var count = saw.Count(member => member);
        return count >= Fewest && saw.Count - count >= Fewest;
    }
}
