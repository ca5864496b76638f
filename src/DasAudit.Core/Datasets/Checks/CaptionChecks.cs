namespace DasAudit.Core.Datasets.Checks;

/// <summary>Which captions are missing or cannot be read.</summary>
internal static class CaptionChecks
{
    public static IEnumerable<Finding> Run(TrainingSet set)
    {
        yield return new(
            "unreadable-caption",
            Severity.Warning,
            "pictures whose caption file cannot be read",
            [.. set.Captions.Unreadable.Select(caption => new FindingGroup([caption.Picture], caption.Reason))]
        );
        yield return new(
            "no-caption",
            Severity.Information,
            "pictures without a caption, beside others with one",
            [.. Missing(set)]
        );
    }

    // Where no picture has a caption, none is missing.
    private static IEnumerable<FindingGroup> Missing(TrainingSet set)
    {
        List<string> missing = [.. set.Items.Where(item => item.Caption is null).Select(item => item.Path)];
        if (missing.Count > 0 && missing.Count < set.Items.Count)
            yield return new(missing, null);
    }
}
