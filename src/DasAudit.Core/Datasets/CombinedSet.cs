using DasAudit.Abstractions;

namespace DasAudit.Core.Datasets;

/// <summary>Training pictures with decoys behind them, which the model was not trained on.</summary>
public static class CombinedSet
{
    /// <summary>Puts decoys behind training pictures.</summary>
    /// <param name="members">The training set; keeps its items and their indices.</param>
    /// <param name="decoys">The others; their items are numbered on, their paths begin with <c>decoys/</c>.</param>
    /// <param name="source">What messages call the decoys.</param>
    /// <exception cref="AuditException">A decoy is a training picture, pixel for pixel.</exception>
    public static TrainingSet Of(TrainingSet members, TrainingSet decoys, string source = "the decoys")
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(decoys);
        var known = members.Items.ToLookup(item => item.PixelSha256);
        if (decoys.Items.FirstOrDefault(item => known.Contains(item.PixelSha256)) is { } member)
            throw new AuditException(
                $"The decoy '{member.Path}' is the training picture '{known[member.PixelSha256].First().Path}'; decoys must be pictures that the model never saw, so take it out of {source}."
            );
        var count = members.Items.Count;
        return new(
            members.Path,
            [
                .. members.Items,
                .. decoys.Items.Select(item => item with { Index = count + item.Index, Path = $"decoys/{item.Path}" }),
            ],
            [.. members.Skipped, .. decoys.Skipped],
            item => item.Index < count ? members.Read(item) : decoys.Read(decoys.Items[item.Index - count])
        );
    }
}
