using DasAudit.Core.Datasets.Metadata;

namespace DasAudit.Core.Datasets;

/// <summary>Recognises datasets whose pictures lie packed in files.</summary>
internal static class PackedSource
{
    private const string Parquet = ".parquet";
    private const string Tar = ".tar";
    private const string Zip = ".zip";

    private static readonly string[] CompressedTar = [".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst"];
    private static readonly string[] Endings = [Parquet, Tar, Zip, .. CompressedTar];

    /// <summary>Whether it is a file that can be such a dataset, by its name.</summary>
    public static bool IsPackedFile(string path) => File.Exists(path) && PackedFile.HasEnding(path, Endings);

    /// <summary>Whether a file's name is that of a tar or zip file, compressed or not.</summary>
    public static bool IsArchive(string name) => PackedFile.HasEnding(name, [Tar, Zip, .. CompressedTar]);

    /// <summary>The packed pictures of a folder or file; null for a dataset of another kind.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="shown">What messages call it.</param>
    public static IPackedPictures? Open(
        string path,
        string shown,
        TrainingSetOptions options,
        CancellationToken cancellation
    )
    {
        var files = PackedFile.Find(path, Endings);
        if (files.Count == 0)
            return null;
        var isFile = File.Exists(path);
        var folder = isFile ? FolderOf(path) : PictureFolder.Scan(path);
        var shards = ShardsOf(files, options.CaptionColumns, isOptional: folder.Pictures.Count > 0);
        if (shards.Count > 0 && folder.Pictures.Count > 0)
            throw new AuditException(
                $"'{shown}' holds pictures in Parquet files ('{shards[0].File.Path}') and loose pictures "
                    + $"('{folder.Pictures[0]}'), and nothing says which the model saw; give the folder of the ones or "
                    + "the others."
            );
        if (shards.Count > 0)
            return ParquetPictures.Open(shards, options, cancellation);
        if (isFile && PackedFile.HasEnding(path, Parquet))
            throw new AuditException(
                $"'{shown}' has no column of pictures; give Parquet files that hold the pictures themselves."
            );
        // An archive beside loose pictures is most likely the one that they came in.
        return folder.Pictures.Count > 0 ? null : OpenArchives(files, shown, folder, options, cancellation);
    }

    private static IPackedPictures? OpenArchives(
        IReadOnlyList<PackedFile> files,
        string shown,
        PictureFolder folder,
        TrainingSetOptions options,
        CancellationToken cancellation
    )
    {
        var (tars, zips) = (Ending(Tar), Ending(Zip));
        if (tars.Count > 0 && zips.Count > 0)
            throw new AuditException(
                $"'{shown}' holds tar files ('{tars[0].Path}') and zip files ('{zips[0].Path}'), and nothing says "
                    + "which the model saw; give the one that holds the training pictures."
            );
        if (tars.Count > 0)
            return TarPictures.Open(tars, options, cancellation);
        if (zips.Count > 0)
            return ZipPictures.Open(shown, folder, zips, options);
        if (Ending(CompressedTar) is [var compressed, ..])
            throw new AuditException(
                $"'{compressed.Path}' is a compressed tar file, in which single pictures cannot be reached; unpack it "
                    + "to a folder or to a plain tar file."
            );
        return null;

        List<PackedFile> Ending(params string[] endings) =>
            [.. files.Where(file => PackedFile.HasEnding(file.Path, endings))];
    }

    // Beside loose pictures, a Parquet file may be anything.
    private static List<ParquetShard> ShardsOf(
        IReadOnlyList<PackedFile> files,
        CaptionColumns captions,
        bool isOptional
    )
    {
        var shards = new List<ParquetShard>();
        foreach (var file in files.Where(file => PackedFile.HasEnding(file.Path, Parquet) && !IsMetadata(file)))
        {
            try
            {
                if (ParquetShard.Open(file, captions) is { } shard)
                    shards.Add(shard);
            }
            catch (AuditException) when (isOptional)
            {
                // Not shards, then.
            }
        }

        return shards;
    }

    // Metadata lie beside a zip file that is given by its own name, too.
    private static PictureFolder FolderOf(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        return new(folder, [], [.. MetadataFile.Names.Where(name => File.Exists(Path.Combine(folder, name)))]);
    }

    private static bool IsMetadata(PackedFile file) =>
        Path.GetFileName(file.Path).StartsWith("metadata", StringComparison.OrdinalIgnoreCase);
}
