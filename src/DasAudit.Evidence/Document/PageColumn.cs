namespace DasAudit.Evidence.Document;

/// <summary>A column of the listed pictures on a page.</summary>
/// <param name="Cell">What its cells hold.</param>
/// <param name="Header">Its heading.</param>
/// <param name="Label">What it is called where the heading is empty.</param>
internal sealed record PageColumn(PageCell Cell, string Header, string? Label = null);

/// <summary>What a cell of a page holds.</summary>
internal enum PageCell
{
    /// <summary>The rank.</summary>
    Rank,

    /// <summary>The picture itself.</summary>
    Thumbnail,

    /// <summary>Title, file, hash and source.</summary>
    File,

    /// <summary>The score as a bar and a number.</summary>
    Score,

    /// <summary>The word and the probabilities behind it.</summary>
    Evidence,

    /// <summary>Whether it helps or hinders.</summary>
    Direction,

    /// <summary>The similarity.</summary>
    Similarity,

    /// <summary>Rights holder, licence and author.</summary>
    Rights,

    /// <summary>Why it was a candidate.</summary>
    Tiers,
}
