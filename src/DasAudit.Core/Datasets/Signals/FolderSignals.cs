using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Core.Datasets.Signals;

/// <summary>What files beside the pictures of a dataset say of their use, in each folder and those above it.</summary>
internal sealed class FolderSignals
{
    private static readonly string[] LineFiles = ["robots.txt", "ai.txt"];
    private static readonly string[] TdmFiles = [".well-known/tdmrep.json", "tdmrep.json"];

    private readonly Dictionary<string, IReadOnlyList<IReadOnlyList<PathRule>>> _rulesByFolder = new(
        StringComparer.Ordinal
    );
    private readonly List<SkippedPicture> _problems = [];
    private readonly FolderFiles? _files;

    // Pictures in packed files have the file's name, # and their own.
    private readonly bool _isPacked;

    /// <summary>Reads the files.</summary>
    /// <param name="set">A dataset; one that is no folder has none.</param>
    public FolderSignals(TrainingSet set)
    {
        if (!Directory.Exists(set.Path))
            return;
        _files = new(set.Path);
        _isPacked = set.Items is [var first, ..] && !File.Exists(Path.Combine(set.Path, first.Path));
        foreach (var item in set.Items)
            AddFolders(FolderOf(item.Path));
        IsEmpty = _rulesByFolder.Values.All(rules => rules.Count == 0);
    }

    /// <summary>Files that could not be read: path and reason.</summary>
    public IReadOnlyList<SkippedPicture> Problems => _problems;

    /// <summary>Whether no file says anything.</summary>
    public bool IsEmpty { get; } = true;

    /// <summary>What they say of a picture, the nearest folder first.</summary>
    /// <param name="path">Within the dataset; of a picture in a packed file with a <c>#</c>.</param>
    public IEnumerable<UseSignal> Of(string path)
    {
        for (var folder = FolderOf(path); folder is not null; folder = Above(folder))
            if (_rulesByFolder.TryGetValue(folder, out var files))
                foreach (var signal in files.SelectMany(rules => Of(rules, "/" + PathBelow(folder, path))))
                    yield return signal;
    }

    // Of tdmrep the first rule that fits counts; of the other files those with the longest pattern.
    private static IEnumerable<UseSignal> Of(IReadOnlyList<PathRule> rules, string path)
    {
        foreach (var group in rules.Where(rule => rule.Fits(path)).GroupBy(rule => rule.Group, StringComparer.Ordinal))
        {
            var longest = group.Max(rule => rule.Pattern.Length);
            var valid = group.Key == "tdmrep" ? group.Take(1) : group.Where(rule => rule.Pattern.Length == longest);
            foreach (var rule in valid)
                yield return rule.Signal;
        }
    }

    private void AddFolders(string start)
    {
        for (var folder = start; folder is not null && !_rulesByFolder.ContainsKey(folder); folder = Above(folder))
            _rulesByFolder.Add(folder, [.. Read(folder)]);
    }

    private IEnumerable<IReadOnlyList<PathRule>> Read(string folder)
    {
        foreach (var name in LineFiles)
            if (Read(Inside(folder, name), RobotsRules.Read) is { Count: > 0 } rules)
                yield return rules;
        foreach (var name in TdmFiles)
            if (Read(Inside(folder, name), TdmRules.Read) is { Count: > 0 } rules)
                yield return rules;
    }

    private IReadOnlyList<PathRule>? Read(string path, Func<string, string, IReadOnlyList<PathRule>> read)
    {
        try
        {
            return _files!.ReadText(path) is { } text ? read(path, text) : null;
        }
        catch (AuditException e)
        {
            _problems.Add(new(path, e.Message));
            return null;
        }
    }

    private static string Inside(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    private string PathBelow(string folder, string path)
    {
        var below = folder.Length == 0 ? path : path[(folder.Length + 1)..];
        return _isPacked ? below.Replace('#', '/') : below;
    }

    private string FolderOf(string path) =>
        Parent(_isPacked && path.IndexOf('#', StringComparison.Ordinal) is >= 0 and var end ? path[..end] : path);

    private static string? Above(string folder) => folder.Length == 0 ? null : Parent(folder);

    private static string Parent(string path) => path.LastIndexOf('/') is >= 0 and var slash ? path[..slash] : "";
}
