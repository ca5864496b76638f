namespace DasAudit.Core.Datasets;

/// <summary>Picture files where a folder of them may be named.</summary>
public static class PictureFiles
{
    /// <summary>The file itself, or the pictures of the folder and its sub-folders, in ordinal order.</summary>
    /// <param name="path">As given; the results begin with it.</param>
    /// <param name="full">The same, absolute.</param>
    /// <exception cref="AuditException">It is a folder without pictures.</exception>
    public static IReadOnlyList<string> At(string path, string full)
    {
        if (!Directory.Exists(full))
            return [path];
        var pictures = PictureFolder.Scan(full).Pictures;
        return pictures.Count > 0
            ? [.. pictures.Select(picture => Path.Combine(path, picture))]
            : throw new AuditException($"'{path}' holds no pictures.");
    }
}
