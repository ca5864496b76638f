using DasAudit.Core.Files;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>What lies in a dataset folder.</summary>
/// <param name="Root">The folder, absolute.</param>
/// <param name="Pictures">Files that look like pictures, relative with forward slashes, in ordinal order.</param>
/// <param name="Skipped">What looks like pictures and cannot be read as such.</param>
/// <param name="MetadataFiles">Metadata files, relative with forward slashes, in ordinal order.</param>
internal sealed record PictureFolder(
    string Root,
    IReadOnlyList<string> Pictures,
    IReadOnlyList<SkippedPicture> Skipped,
    IReadOnlyList<string> MetadataFiles
)
{
    /// <summary>Walks the folder and sub-folders, without hidden names (a leading dot) and links to folders.</summary>
    /// <remarks>Links could loop or count twice; those that lead out of the dataset are named as skipped.</remarks>
    public static PictureFolder Scan(string root)
    {
        var realRoot = RealPath.Of(root) ?? root;
        var pictures = new List<string>();
        var skipped = new List<SkippedPicture>();
        var metadata = new List<string>();
        var folders = new Stack<string>([""]);
        while (folders.TryPop(out var folder))
        {
            foreach (var entry in new DirectoryInfo(Path.Combine(root, folder)).EnumerateFileSystemInfos())
            {
                if (entry.Name.StartsWith('.'))
                    continue;
                var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
                if (entry is DirectoryInfo)
                {
                    if (entry.LinkTarget is null)
                        folders.Push(path);
                    else if (LeadsOut(entry, realRoot))
                        skipped.Add(LinkOut(path, "folder", "its pictures"));
                }
                else if (MetadataTable.FileNames.Contains(entry.Name))
                {
                    metadata.Add(path);
                }
                else if (LeadsOut(entry, realRoot))
                {
                    if (PictureFormat.LooksLikePicture(path))
                        skipped.Add(LinkOut(path, "file", "the picture"));
                }
                else if (PictureFormat.LooksLikePicture(path) || BeginsLikePicture(entry.FullName))
                {
                    pictures.Add(path);
                }
            }
        }

        pictures.Sort(StringComparer.Ordinal);
        metadata.Sort(StringComparer.Ordinal);
        return new PictureFolder(root, pictures, skipped, metadata);
    }

    private static bool LeadsOut(FileSystemInfo entry, string realRoot)
    {
        if (entry.LinkTarget is null)
            return false;
        var real = RealPath.Of(entry.FullName);
        return real is not null && !RealPath.IsInside(real, realRoot);
    }

    private static SkippedPicture LinkOut(string path, string kind, string contents) =>
        new(path, $"'{path}' is a link to a {kind} outside the dataset; copy {contents} into the dataset.");

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
}
