using System.Globalization;
using DasAudit.Core.Datasets.Metadata;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using DasAudit.Core.Platforms;

namespace DasAudit.Core.Datasets;

/// <summary>One walk through a dataset folder.</summary>
internal sealed class FolderWalk
{
    private const int MostNamed = 5;

    private readonly string _root;
    private readonly string _realRoot;
    private readonly List<string> _pictures = [];
    private readonly List<string> _metadata = [];
    private readonly List<string> _unreadMetadata = [];
    private readonly List<string> _captions = [];
    private readonly List<string> _archives = [];
    private readonly List<string> _linkedOut = [];
    private readonly Stack<Folder> _folders = new();
    private readonly SortedSet<string> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _pathByRealPath = new(Platform.Current.NameComparer);
    private readonly SortedDictionary<string, string> _aliases = new(StringComparer.Ordinal);

    public FolderWalk(string root)
    {
        _root = root;
        _realRoot = RealPath.Of(root) ?? root;
    }

    /// <summary>Walks; an instance serves once.</summary>
    public PictureFolder Run()
    {
        Enter("", _realRoot);
        do while (_folders.TryPop(out var folder))
            Look(folder);
        while (FollowLink());

        _pictures.Sort(StringComparer.Ordinal);
        _metadata.Sort(StringComparer.Ordinal);
        var captions = CaptionFiles();
        _unreadMetadata.AddRange(
            _captions.Where(path => !captions.Contains(path) && UnreadMetadata.Is(Path.GetFileName(path)))
        );
        return new PictureFolder(_root, _pictures, _metadata)
        {
            CaptionFiles = captions,
            Aliases = _aliases,
            Notes = [.. Notes()],
        };
    }

    // Folders that really lie in the dataset come first, so that no link takes their names.
    private bool FollowLink()
    {
        if (_links.Count == 0)
            return false;
        var path = _links.Min!;
        _links.Remove(path);
        if (RealPath.Of(Path.Combine(_root, path)) is { } real)
            Enter(path, real);
        return true;
    }

    private void Enter(string path, string real)
    {
        if (_pathByRealPath.TryAdd(real, path))
            _folders.Push(new(path, real, !RealPath.IsInside(real, _realRoot)));
        else
            _aliases.Add(path, _pathByRealPath[real]);
    }

    private void Look(Folder folder)
    {
        foreach (var entry in new DirectoryInfo(Path.Combine(_root, folder.Path)).EnumerateFileSystemInfos())
        {
            if (entry.Name.StartsWith('.'))
                continue;
            var path = folder.Path.Length == 0 ? entry.Name : $"{folder.Path}/{entry.Name}";
            if (entry is not DirectoryInfo)
                LookAtFile(folder, entry, path);
            else if (entry.LinkTarget is null)
                Enter(path, Path.Combine(folder.RealPath, entry.Name));
            else
                _links.Add(path);
        }
    }

    private void LookAtFile(Folder folder, FileSystemInfo entry, string path)
    {
        if (MetadataFile.Names.Contains(entry.Name))
        {
            _metadata.Add(path);
        }
        else if (PictureFormat.LooksLikePicture(path) || BeginsLikePicture(entry.FullName))
        {
            _pictures.Add(path);
            if (folder.IsOutside || LeadsOut(folder, entry))
                _linkedOut.Add(path);
        }
        else if (PackedSource.IsArchive(entry.Name))
        {
            _archives.Add(path);
        }
        else if (FolderCaptions.CanHold(entry.Name))
        {
            _captions.Add(path);
        }
        else if (UnreadMetadata.Is(entry.Name))
        {
            _unreadMetadata.Add(path);
        }
    }

    private HashSet<string> CaptionFiles()
    {
        if (_captions.Count == 0)
            return [];
        var stems = _pictures.Select(FolderCaptions.StemOf).ToHashSet(StringComparer.Ordinal);
        return [.. _captions.Where(path => stems.Contains(FolderCaptions.StemOf(path)))];
    }

    private bool LeadsOut(Folder folder, FileSystemInfo entry)
    {
        if (entry.LinkTarget is not { } target)
            return false;
        // The first step tells nearly always, and saves looking at every folder on the way.
        return !RealPath.IsInside(Path.GetFullPath(target, folder.RealPath), _realRoot)
            || (RealPath.Of(entry.FullName) is { } real && !RealPath.IsInside(real, _realRoot));
    }

    private static bool BeginsLikePicture(string path)
    {
        // Pipes and devices have no length; opening one could wait for ever.
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
            return false;
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> start = stackalloc byte[PictureFormat.SignatureLength];
            return PictureFormat.Detect(start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)])
                is not null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private IEnumerable<string> Notes()
    {
        if (_unreadMetadata.Count > 0)
            yield return UnreadMetadata.Note(_unreadMetadata);
        if (_archives.Count > 0 && _pictures.Count > 0)
            yield return $"{Named(_archives)} beside the loose pictures {(_archives.Count == 1 ? "was" : "were")} not "
                + "read; give an archive by its own name to read it.";
        if (_linkedOut.Count > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{_linkedOut.Count} of {_pictures.Count} pictures are reached by links that lead out of the dataset "
                    + $"folder, first '{_linkedOut.Min(StringComparer.Ordinal)}'."
            );
        if (_aliases.Count > 0)
            yield return $"Links lead to folders that are read already: "
                + $"{Named(_aliases.Keys)}; their pictures count once.";
    }

    private static string Named(IReadOnlyCollection<string> paths)
    {
        var names = paths.Order(StringComparer.Ordinal).Take(MostNamed).Select(path => $"'{path}'");
        return string.Join(", ", paths.Count > MostNamed ? names.Append("…") : names);
    }

    /// <param name="Path">Relative, with forward slashes.</param>
    /// <param name="RealPath">Absolute, without links.</param>
    /// <param name="IsOutside">Whether it really lies outside the dataset.</param>
    private sealed record Folder(string Path, string RealPath, bool IsOutside);
}
