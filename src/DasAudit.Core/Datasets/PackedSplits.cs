namespace DasAudit.Core.Datasets;

/// <summary>Chooses packed pictures by their splits.</summary>
internal static class PackedSplits
{
    /// <summary>The pictures of the splits that are asked for; by default the training split where others stand beside it.</summary>
    public static (IReadOnlyList<PackedPicture> Pictures, IReadOnlyList<string> Notes) Select(
        string shown,
        IReadOnlyList<PackedPicture> all,
        TrainingSetOptions options
    )
    {
        if (options.Split is { } split)
        {
            var chosen = all.Where(picture => picture.Metadata.Split == split).ToList();
            return chosen.Count > 0 || all.Count == 0 ? (chosen, []) : throw NoSuchSplit(shown, split, all);
        }

        if (options.ExceptSplit is { } except)
        {
            var rest = all.Where(picture => picture.Metadata.Split != except).ToList();
            return rest.Count > 0 || all.Count == 0
                ? (rest, [])
                : throw new AuditException(
                    $"'{shown}' holds no pictures beside those of the split '{except}'; "
                        + "name another split, or give the pictures of that split as a folder."
                );
        }

        var splits = SplitsOf(all);
        if (!splits.Contains(SplitNames.Train) || splits.Count == 1)
            return (all, []);
        var train = all.Where(picture => picture.Metadata.Split == SplitNames.Train).ToList();
        var others = string.Join(", ", splits.Where(name => name != SplitNames.Train));
        return (
            train,
            [
                $"'{shown}' has the splits {string.Join(", ", splits)}; the {train.Count} pictures of the split train "
                    + $"count as training pictures ({Files.Settings.Name("split")} names another; left out: {others}).",
            ]
        );
    }

    private static List<string> SplitsOf(IReadOnlyList<PackedPicture> pictures) =>
        [
            .. pictures
                .Select(picture => picture.Metadata.Split)
                .OfType<string>()
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    private static AuditException NoSuchSplit(string shown, string split, IReadOnlyList<PackedPicture> pictures)
    {
        var splits = SplitsOf(pictures);
        var remedy =
            splits.Count == 0
                ? ", because it names no splits; leave the split out"
                : $"; name one of its splits: {string.Join(", ", splits)}";
        return new AuditException($"No picture of '{shown}' belongs to the split '{split}'{remedy}.");
    }
}
