namespace DasAudit.Core.Datasets;

/// <summary>How people call sources of captions.</summary>
internal static class CaptionSources
{
    /// <summary>Such as <c>.txt files</c>.</summary>
    public static string Name(this CaptionSource source) =>
        source switch
        {
            CaptionSource.Metadata => "metadata",
            CaptionSource.CaptionFile => ".caption files",
            CaptionSource.TextFile => ".txt files",
            _ => "folder names",
        };
}
