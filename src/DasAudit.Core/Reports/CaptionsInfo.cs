using DasAudit.Core.Datasets;

namespace DasAudit.Core.Reports;

/// <summary>The captions of a training set.</summary>
/// <param name="Stated">Pictures with a caption, perhaps an empty one.</param>
/// <param name="Missing">Pictures without, which were looked at under the empty prompt.</param>
/// <param name="Sha256">Of the UTF-8 lines <c>PATH\0CAPTION\n</c> of those with one, in the set's order.</param>
public sealed record CaptionsInfo(int Stated, int Missing, string Sha256)
{
    /// <summary>Counts and hashes them.</summary>
    public static CaptionsInfo Of(TrainingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var stated = set.Items.Count(item => item.Caption is not null);
        return new(stated, set.Items.Count - stated, CaptionHash.Compute(set));
    }
}
