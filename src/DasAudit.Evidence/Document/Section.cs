namespace DasAudit.Evidence.Document;

/// <summary>A titled part of a report.</summary>
internal sealed record Section(string Title, params IReadOnlyList<Block> Blocks)
{
    /// <summary>
    /// The title with the number of things, for forms that lead the eye; the plain title unless stated.
    /// </summary>
    internal string CountedTitle { get; init; } = Title;
}
