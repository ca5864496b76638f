namespace DasAudit.Core.Datasets;

/// <summary>What lies in a dataset folder.</summary>
/// <param name="Root">The folder, absolute.</param>
/// <param name="Pictures">Files that look like pictures, relative with forward slashes, in ordinal order.</param>
/// <param name="MetadataFiles">Metadata files, relative with forward slashes, in ordinal order.</param>
internal sealed record PictureFolder(string Root, IReadOnlyList<string> Pictures, IReadOnlyList<string> MetadataFiles)
{
    /// <summary>Text files that share a picture's path but for the ending, relative with forward slashes.</summary>
    public IReadOnlySet<string> CaptionFiles { get; init; } = new HashSet<string>();

    /// <summary>Folders that are walked under another name, by the name under which they are not.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <summary>What was decided without being asked for.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Walks the folder and sub-folders, linked ones too, without hidden names (a leading dot).</summary>
    /// <remarks>A folder that links reach again, as in a loop, is walked once, if possible by its real name.</remarks>
    public static PictureFolder Scan(string root) => new FolderWalk(root).Run();
}
