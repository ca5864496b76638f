using System.Globalization;

namespace DasAudit.Core.Datasets;

/// <summary>How many pictures have something, and the first of them.</summary>
internal sealed class PictureExamples
{
    public int Count { get; private set; }

    /// <summary>Path of the first; empty for none.</summary>
    public string First { get; private set; } = "";

    public void Add(string picture)
    {
        if (Count++ == 0)
            First = picture;
    }

    /// <summary>Such as <c>2 pictures have</c>.</summary>
    public string Have =>
        Count == 1 ? "1 picture has" : string.Create(CultureInfo.InvariantCulture, $"{Count} pictures have");
}
