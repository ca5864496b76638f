namespace DasAudit.Core.Datasets;

/// <summary>The splits of a folder's pictures: what the metadata state, else what names say.</summary>
/// <remarks>
/// Of names, folders decide. File names do only where no folder does and every file's name states a split: a single
/// <c>test.png</c> among others is none.
/// </remarks>
internal static class FolderSplits
{
    /// <summary>For each picture its split; null for none.</summary>
    public static IReadOnlyList<string?> Of(IReadOnlyList<string> pictures, MetadataTable table)
    {
        var splits = new string?[pictures.Count];
        for (var i = 0; i < splits.Length; i++)
            splits[i] = table.Of(pictures[i])?.Split ?? SplitNames.OfFolders(pictures[i]);
        if (Array.Exists(splits, split => split is not null))
            return splits;
        string?[] splitsOfFiles = [.. pictures.Select(SplitNames.OfFile)];
        return Array.TrueForAll(splitsOfFiles, split => split is not null) ? splitsOfFiles : splits;
    }
}
