using System.Globalization;
using ADRaffy.ENSNormalize;
using DasAudit.Core.Datasets.Metadata;
using DasAudit.Core.Files;
using DasAudit.Core.Platforms;

namespace DasAudit.Core.Datasets;

/// <summary>Finds the pictures of a folder by the names that metadata give them.</summary>
internal sealed class PictureNames(PictureFolder folder)
{
    private readonly HashSet<string> _pictures = new(folder.Pictures, StringComparer.Ordinal);
    private readonly string _realRoot = RealPath.Of(folder.Root) ?? folder.Root;
    private Dictionary<string, List<string>>? _byNormalForm;
    private Dictionary<string, List<string>>? _byCase;
    private (int Count, string Name, string Picture) _otherCase;

    /// <summary>What was decided without being asked for.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            if (_otherCase.Count > 0)
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Files(_otherCase.Count)} in the metadata with other upper and lower case than on disk, first "
                        + $"'{_otherCase.Picture}', which they call '{_otherCase.Name}'."
                );
        }
    }

    /// <summary>The picture's path, as the folder has it.</summary>
    /// <exception cref="AuditException">There is no such picture, there are several, or it lies outside.</exception>
    public string Find(string name, MetadataPlace place)
    {
        if (name.Contains('\0', StringComparison.Ordinal))
            throw place.Wrong("has a file_name with a zero character; name the picture");
        var metadataFolder = Path.GetDirectoryName(place.File)!;
        var path = Relative(name, metadataFolder);
        if (path is not null && _pictures.Contains(path))
            return path;
        // Windows separates folders by backslashes; here they are letters of a name.
        var slashed = name.Contains('\\', StringComparison.Ordinal)
            ? Relative(name.Replace('\\', '/'), metadataFolder)
            : path;
        if (slashed is null)
            throw Outside(name, place);
        return FindLike(slashed, name, place) ?? throw NotThere(name, slashed, place);
    }

    private static string Files(int count) => count == 1 ? "1 picture stands" : $"{count} pictures stand";

    /// <summary>The path within the dataset, without its <c>.</c> and <c>..</c>; null if it leads outside.</summary>
    private string? Relative(string name, string from)
    {
        var full = Path.GetFullPath(name, Path.Combine(folder.Root, from));
        foreach (var root in (string[])[folder.Root, _realRoot])
            if (full != root && RealPath.IsInside(full, root))
                return Platform.Current.Slashed(Path.GetRelativePath(root, full));
        return null;
    }

    private string? FindLike(string path, string name, MetadataPlace place)
    {
        if (_pictures.Contains(path))
            return path;
        foreach (var (alias, real) in folder.Aliases)
        {
            if (path.StartsWith(alias + '/', StringComparison.Ordinal))
                return FindLike((real + path[alias.Length..]).TrimStart('/'), name, place);
        }

        _byNormalForm ??= Lookup(NormalForm, StringComparer.Ordinal);
        if (Only(_byNormalForm, path, name, place) is { } picture)
            return picture;
        _byCase ??= Lookup(NormalForm, StringComparer.OrdinalIgnoreCase);
        picture = Only(_byCase, path, name, place);
        if (picture is not null)
            _otherCase = _otherCase.Count == 0 ? (1, name, picture) : _otherCase with { Count = _otherCase.Count + 1 };
        return picture;
    }

    private static string? Only(
        Dictionary<string, List<string>> pictures,
        string path,
        string name,
        MetadataPlace place
    )
    {
        if (!pictures.TryGetValue(NormalForm(path), out var candidates))
            return null;
        return candidates.Count == 1
            ? candidates[0]
            : throw place.Wrong(
                $"names '{name}', which is not there, but {string.Join(" and ", candidates.Select(c => $"'{c}'"))} "
                    + "are; write the name as the file has it"
            );
    }

    private Dictionary<string, List<string>> Lookup(Func<string, string> key, StringComparer comparer)
    {
        var lookup = new Dictionary<string, List<string>>(comparer);
        foreach (var picture in folder.Pictures)
        {
            var form = key(picture);
            if (lookup.TryGetValue(form, out var pictures))
                pictures.Add(picture);
            else
                lookup.Add(form, [picture]);
        }

        return lookup;
    }

    // The runtime normalizes nothing while it is free of culture data, as this program is.
    private static string NormalForm(string path) => System.Text.Ascii.IsValid(path) ? path : ENSNormalize.NF.NFC(path);

    private static AuditException Outside(string name, MetadataPlace place) =>
        place.Wrong($"names '{name}', which lies outside the dataset folder; name only pictures within it");

    private AuditException NotThere(string name, string path, MetadataPlace place)
    {
        var problem =
            File.Exists(Path.Combine(folder.Root, path))
                ? "is no picture that the dataset is read with (hidden, or of another kind); name a picture"
            : IsWindowsPath(name) ? "is a path of another computer; name the picture relative to the metadata file"
            : "is not there; add the picture or remove the line";
        return place.Wrong($"names '{name}', which {problem}");
    }

    private static bool IsWindowsPath(string name) =>
        name is [var drive, ':', '\\' or '/', ..] && char.IsAsciiLetter(drive);
}
