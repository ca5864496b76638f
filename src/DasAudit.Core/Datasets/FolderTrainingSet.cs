using DasAudit.Core.Files;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

internal static class FolderTrainingSet
{
    /// <param name="shown">What messages call the folder.</param>
    /// <param name="folder">The folder, absolute.</param>
    public static TrainingSet Load(
        string shown,
        string folder,
        TrainingSetOptions options,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var contents = PictureFolder.Scan(folder);
        var metadata = MetadataTable.Read(shown, contents);
        var paths = SelectSplit(shown, contents, metadata, options);
        var items = new TrainingItem?[paths.Count];
        var skipped = new SkippedPicture?[paths.Count];
        PictureHashing.Run(paths.Count, ReadItem, progress, cancellation);

        // What cannot be named in metadata belongs to no split.
        var withoutSplit = options.Split is null ? contents.Skipped : [];
        List<SkippedPicture> allSkipped = [.. withoutSplit, .. skipped.OfType<SkippedPicture>()];
        allSkipped.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        if (options.Strict && allSkipped.Count > 0)
            throw new AuditException($"{allSkipped[0].Reason.TrimEnd('.')} (dataset '{shown}', read strictly).");
        var readable = items.OfType<TrainingItem>().Select((item, index) => item with { Index = index }).ToList();
        if (readable.Count == 0)
            throw Empty(shown, allSkipped);
        return new TrainingSet(folder, readable, allSkipped, item => ReadAgain(folder, item, options))
        {
            Background = options.Background,
        };

        void ReadItem(int i)
        {
            var path = paths[i];
            try
            {
                var picture = PictureReader.Read(
                    Path.Combine(folder, path),
                    path,
                    options.PixelLimit,
                    options.Background
                );
                items[i] = Describe(path, picture, metadata.GetValueOrDefault(path, PictureMetadata.None));
            }
            catch (AuditException e)
            {
                skipped[i] = new(path, e.Message);
            }
        }
    }

    /// <summary>The paths of the pictures that belong to the splits of <paramref name="options"/>.</summary>
    public static IReadOnlyList<string> SelectSplit(
        string shown,
        PictureFolder contents,
        Dictionary<string, PictureMetadata> metadata,
        TrainingSetOptions options
    )
    {
        IReadOnlyList<string> paths = contents.Pictures;
        if (options.Split is { } split)
        {
            paths = [.. paths.Where(path => SplitOf(path) == split)];
            if (paths.Count == 0 && contents.Pictures.Count > 0)
                throw NoSuchSplit(shown, split, metadata);
        }

        if (options.ExceptSplit is not { } except || paths.Count == 0)
            return paths;
        paths = [.. paths.Where(path => SplitOf(path) != except)];
        if (paths.Count == 0)
            throw new AuditException(
                $"'{shown}' holds no pictures beside those of the split '{except}'; "
                    + "name another split, or give the pictures of that split as a folder."
            );
        return paths;

        string? SplitOf(string path) => metadata.GetValueOrDefault(path)?.Split;
    }

    private static TrainingItem Describe(string path, HashedPicture picture, PictureMetadata metadata) =>
        new()
        {
            Index = 0,
            Path = path,
            Sha256 = picture.Sha256,
            PixelSha256 = picture.PixelSha256,
            Width = picture.Picture.Width,
            Height = picture.Picture.Height,
            PerceptualHash = PerceptualHash.Compute(picture.Picture),
            Composited = picture.Picture.Composited,
            Metadata = metadata,
        };

    private static Picture ReadAgain(string folder, TrainingItem item, TrainingSetOptions options)
    {
        var path = Path.Combine(folder, item.Path);
        var picture = PictureReader.Read(path, item.Path, options.PixelLimit, options.Background);
        if (picture.Sha256 != item.Sha256)
            throw new AuditException(
                $"'{item.Path}' has changed since the dataset was read; leave the dataset alone and start again."
            );
        return picture.Picture;
    }

    private static AuditException NoSuchSplit(string shown, string split, Dictionary<string, PictureMetadata> metadata)
    {
        var splits = metadata
            .Values.Select(row => row.Split)
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        var remedy =
            splits.Count == 0
                ? ", because its metadata names no splits; leave the split out, or add the column split"
                : $"; name one of its splits: {string.Join(", ", splits)}";
        return new AuditException($"No picture of '{shown}' belongs to the split '{split}'{remedy}.");
    }

    /// <summary>The refusal of a dataset without a readable picture.</summary>
    public static AuditException Empty(string shown, IReadOnlyList<SkippedPicture> skipped) =>
        new(
            skipped.Count == 0
                ? $"'{shown}' holds no {PictureFormat.ReadableNames} picture; give the folder that holds the training pictures."
                : $"'{shown}' holds no readable picture ({skipped.Count} left out, "
                    + $"the first because {skipped[0].Reason.TrimEnd('.')})."
        );
}
