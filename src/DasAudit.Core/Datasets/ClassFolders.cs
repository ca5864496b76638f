namespace DasAudit.Core.Datasets;

/// <summary>Classes by folders: pictures that lie in folders of one level, each folder a class.</summary>
/// <remarks>Folders above that all pictures share, and those that state the split, are no classes.</remarks>
internal sealed class ClassFolders
{
    private readonly Dictionary<string, int> _labelByFolder;

    private ClassFolders(Dictionary<string, int> labelByFolder, IReadOnlyList<string> notes)
    {
        _labelByFolder = labelByFolder;
        Notes = notes;
    }

    public static ClassFolders None { get; } = new([], []);

    /// <summary>Which label each class has.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Numbers the folders in ordinal order of their names; none if they are no classes.</summary>
    /// <param name="pictures">Relative paths with forward slashes.</param>
    public static ClassFolders Of(IReadOnlyList<string> pictures)
    {
        var folders = pictures.Select(FolderOf).Distinct().ToList();
        // A folder called test among others is a class; where every picture has a split, it is one.
        var haveSplits = folders.All(folder => SplitNames.OfFolders(folder + '/') is not null);
        var names = folders.Select(folder => Names(folder, haveSplits)).ToList();
        if (names.Count == 0)
            return None;
        var shared = Enumerable
            .Range(0, names.Min(folder => folder.Count))
            .TakeWhile(i => names.All(folder => folder[i] == names[0][i]))
            .Count();
        if (names.Any(folder => folder.Count != shared + 1))
            return None;
        var classes = names.Select(folder => folder[shared]).Distinct().Order(StringComparer.Ordinal).ToList();
        var labelByFolder = folders.Zip(names).ToDictionary(f => f.First, f => classes.IndexOf(f.Second[shared]));
        return new(labelByFolder, [ClassLabels.NoteOnFolders(classes)]);
    }

    /// <summary>The class index of a picture; null if folders are no classes.</summary>
    public int? LabelOf(string path) =>
        _labelByFolder.Count > 0 && _labelByFolder.TryGetValue(FolderOf(path), out var label) ? label : null;

    private static string FolderOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    /// <summary>The names on the way to a folder, perhaps without the first that states a split.</summary>
    private static List<string> Names(string folder, bool withoutSplit)
    {
        List<string> names = [.. folder.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        if (withoutSplit)
            names.RemoveAt(names.FindIndex(name => SplitNames.OfName(name) is not null));
        return names;
    }
}
