using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets;

/// <summary>Where decoys lie: a folder, or <c>split:NAME</c>, the pictures whose metadata state that split.</summary>
/// <remarks>Training pictures are then all others. A folder of such a name is written <c>./split:NAME</c>.</remarks>
public static class DecoySource
{
    private const string Prefix = "split:";
    private const string All = Prefix + TrainingSetOptions.AllSplits;

    /// <summary>Returns the text; refuses what names neither a folder nor a split.</summary>
    /// <exception cref="AuditException">It is empty, or names a split without a name or all of them.</exception>
    public static string Check(string text) =>
        text switch
        {
            null or "" or Prefix => throw new AuditException(
                $"'{text}' names neither a folder nor a split; give a folder, or split:NAME for a split of the dataset."
            ),
            All => throw new AuditException(
                $"'{text}' is the whole dataset and would leave no training pictures; name one of its splits."
            ),
            _ => text,
        };

    /// <summary>The split of the dataset that decoys are; null if they are a folder.</summary>
    internal static string? SplitOf(string decoys) =>
        Check(decoys).StartsWith(Prefix, StringComparison.Ordinal) ? decoys[Prefix.Length..] : null;

    /// <summary>How the training pictures are read: all that are no decoys.</summary>
    internal static TrainingSetOptions MemberOptions(string? decoys, TrainingSetOptions options)
    {
        if (decoys is null || SplitOf(decoys) is not { } split)
            return options;
        if (options.Split == split)
            throw new AuditException(
                $"The split '{split}' cannot be both the training pictures and the decoys; "
                    + $"give {Settings.Name("decoys")} another split than {Settings.Name("split")}."
            );
        return options with { ExceptSplit = split };
    }

    /// <summary>Where decoys lie, as written, and how they are read.</summary>
    internal static (string Path, TrainingSetOptions Options) Location(
        string decoys,
        string dataset,
        TrainingSetOptions options
    ) => SplitOf(decoys) is { } split ? (dataset, options with { Split = split }) : (decoys, options.ForOther(decoys));

    /// <summary>What a sentence calls the pictures that decoys are.</summary>
    internal static string Describe(string decoys) =>
        SplitOf(decoys) is { } split ? $"the dataset's split '{split}'" : $"'{decoys}'";
}
