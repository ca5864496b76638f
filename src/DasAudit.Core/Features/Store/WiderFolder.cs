namespace DasAudit.Core.Features.Store;

/// <summary>A folder of features that are of some settings' kind among others, as earlier versions kept them.</summary>
internal sealed record WiderFolder(StoreFolder Folder, FeatureSettings Settings, FeatureFormat Format)
{
    /// <summary>Whether it took what a folder that cannot be written to lacked.</summary>
    public bool IsAddition => Folder.Shown.Contains(FeatureStore.Added, StringComparison.Ordinal);

    /// <summary>Those among a folder and the folders in it; ones that cannot be read hold nothing of use.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="shown">The folder as someone wrote it.</param>
    /// <param name="wanted">The settings; the folder that has its name from them is none.</param>
    public static IEnumerable<WiderFolder> In(string path, string shown, FeatureSettings wanted)
    {
        foreach (var name in Names(path).Where(name => !name.StartsWith(wanted.FolderName(), StringComparison.Ordinal)))
        {
            var (folder, shownFolder) =
                name.Length == 0 ? (path, shown) : (Path.Combine(path, name), Path.Combine(shown, name));
            if (Read(folder, shownFolder) is { } file && IsWider(file.Settings, wanted))
                yield return new(new(folder, shownFolder), file.Settings, file.Format);
        }
    }

    private static bool IsWider(FeatureSettings kept, FeatureSettings wanted) =>
        wanted.Kinds.All(kept.Kinds.Contains) && (kept with { Kinds = wanted.Kinds }).Difference(wanted) is null;

    private static IEnumerable<string> Names(string path)
    {
        try
        {
            return Directory.Exists(path)
                ? Directory
                    .GetDirectories(path)
                    .Select(folder => Path.GetFileName(folder))
                    .Order(StringComparer.Ordinal)
                    .Prepend("")
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static SettingsFile? Read(string folder, string shown)
    {
        try
        {
            return SettingsFile.Read(folder, shown);
        }
        catch (AuditException)
        {
            return null;
        }
    }
}
