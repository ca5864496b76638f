namespace DasAudit.Core.Datasets;

/// <summary>What states a picture's caption.</summary>
public enum CaptionSource
{
    /// <summary>A metadata file or what is packed with the picture.</summary>
    Metadata,

    /// <summary>A file <c>NAME.caption</c> beside <c>NAME.png</c>.</summary>
    CaptionFile,

    /// <summary>A file <c>NAME.txt</c> beside <c>NAME.png</c>.</summary>
    TextFile,

    /// <summary>The name of its folder, <c>10_cat</c> for <c>cat</c>, as kohya's trainer reads it.</summary>
    Folder,
}
