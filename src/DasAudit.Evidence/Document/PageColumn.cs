namespace DasAudit.Evidence.Document;

/// <summary>A column of the listed pictures on a page.</summary>
/// <param name="Cell">What its cells hold.</param>
/// <param name="Header">Its heading.</param>
/// <param name="Label">What it is called where the heading is empty.</param>
internal sealed record PageColumn(PageCell Cell, string Header, string? Label = null);

/// <summary>What a cell of a page holds; a cell can hold several things.</summary>
internal enum PageCell
{
    Rank,
    Thumbnail,
    File,
    Score,
    Evidence,
    Direction,
    Similarity,
    Rights,
    Tiers,
}
