namespace DasAudit.Evidence.Document;

/// <summary>A column of the listed pictures on a page; the label stands for an empty header.</summary>
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
