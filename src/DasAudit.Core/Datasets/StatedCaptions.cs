namespace DasAudit.Core.Datasets;

/// <summary>All captions that one picture has.</summary>
/// <param name="Picture">Its path within the dataset.</param>
/// <param name="InMetadata">What metadata state; null for nothing.</param>
/// <param name="CaptionFile">The .caption file beside it; null for none.</param>
/// <param name="TextFile">The .txt file beside it; null for none.</param>
internal sealed record StatedCaptions(
    string Picture,
    string? InMetadata,
    CaptionFile? CaptionFile = null,
    CaptionFile? TextFile = null
)
{
    /// <summary>The file of a source; null for none.</summary>
    public CaptionFile? FileOf(CaptionSource source) =>
        source switch
        {
            CaptionSource.CaptionFile => CaptionFile,
            CaptionSource.TextFile => TextFile,
            _ => null,
        };
}
