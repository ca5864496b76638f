namespace DasAudit.Core.Datasets;

/// <summary>What happens if some pictures of a dataset have a caption and others have none.</summary>
public enum MissingCaptions
{
    /// <summary>A model that takes captions refuses the dataset.</summary>
    Refuse,

    /// <summary>They count as pictures with the empty caption.</summary>
    Empty,

    /// <summary>The name of their folder, <c>10_cat</c> for <c>cat</c>, is their caption.</summary>
    Folder,
}
