namespace DasAudit.Core.Features.Store;

/// <summary>The features of a picture with its key.</summary>
/// <param name="Name">For people who look into the file.</param>
internal sealed record StoredPicture(FeatureKey Key, string Name, PictureFeatures Features)
{
    /// <summary>The same with the kinds of some settings alone.</summary>
    public StoredPicture Of(FeatureSettings settings)
    {
        if (settings.Kinds.Count == Features.Rows.Count)
            return this;
        var kinds = settings.Kinds.Select(FeatureKind.Parse).ToList();
        var functions = kinds.Select(kind => kind.Function).ToHashSet();
        return this with
        {
            Features = Features with
            {
                Rows = kinds.ToDictionary(kind => kind, kind => Features.Rows[kind]),
                GradientNorms = Features
                    .GradientNorms.Where(norms => functions.Contains(norms.Key))
                    .ToDictionary(norms => norms.Key, norms => norms.Value),
                TangentTargets = Features
                    .TangentTargets.Where(targets => functions.Contains(targets.Key))
                    .ToDictionary(targets => targets.Key, targets => targets.Value),
            },
        };
    }
}
