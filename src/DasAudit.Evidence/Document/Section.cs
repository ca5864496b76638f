namespace DasAudit.Evidence.Document;

internal sealed record Section(string Title, params IReadOnlyList<Block> Blocks)
{
    /// <summary>The title with a count, for forms that lead the eye; the plain title unless stated.</summary>
    internal string CountedTitle { get; init; } = Title;
}
