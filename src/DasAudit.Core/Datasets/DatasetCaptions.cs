namespace DasAudit.Core.Datasets;

/// <summary>How the captions of a dataset were had.</summary>
/// <param name="Unreadable">Caption files that cannot be read; their pictures have no caption.</param>
/// <param name="Notes">What was decided unasked; reports on models that take captions repeat it.</param>
public sealed record DatasetCaptions(IReadOnlyList<UnreadableCaption> Unreadable, IReadOnlyList<string> Notes)
{
    /// <summary>What happens if only some pictures have a caption.</summary>
    public MissingCaptions Missing { get; init; }

    /// <summary>Nothing to say.</summary>
    public static DatasetCaptions None { get; } = new([], []);
}

/// <summary>A picture whose caption file cannot be read.</summary>
/// <param name="Picture">Its path.</param>
/// <param name="Reason">One sentence that names the file.</param>
public sealed record UnreadableCaption(string Picture, string Reason);
