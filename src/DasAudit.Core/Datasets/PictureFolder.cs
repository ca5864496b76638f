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
    /// <summary>
    /// Walks the folder and its sub-folders. Hidden names (a leading dot) are passed over. A linked folder is never entered, so that loops
    /// and double counting cannot be; one that leads out of the dataset is named as skipped, as is a linked picture that leads out.
    /// </summary>
    public static PictureFolder Scan(string root)
    {
        var realRoot = RealPath.Of(root) ?? root;
        var (pictures, skipped, metadata) = (new List<string>(), new List<SkippedPicture>(), new List<string>());
        var folders = new Stack<string>([""]);
        while (folders.TryPop(out var folder))
        {
            foreach (var entry in new DirectoryInfo(Path.Combine(root, folder)).EnumerateFileSystemInfos())
            {
                if (entry.Name.StartsWith('.'))
                    continue;
                var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
                var isLink = entry.LinkTarget is not null;
                var leadsOut = isLink && RealPath.Of(entry.FullName) is { } real && !RealPath.IsInside(real, realRoot);
                if (Directory.Exists(entry.FullName))
                {
                    if (!isLink)
                        folders.Push(path);
                    else if (leadsOut)
                        skipped.Add(
                            new(
                                path,
                                $"'{path}' is a link to a folder outside the dataset; copy its pictures into the dataset."
                            )
                        );
                }
                else if (MetadataTable.FileNames.Contains(entry.Name))
                {
                    metadata.Add(path);
                }
                else if (leadsOut)
                {
                    if (PictureFormat.LooksLikePicture(path))
                        skipped.Add(
                            new(
                                path,
                                $"'{path}' is a link to a file outside the dataset; copy the picture into the dataset."
                            )
                        );
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
