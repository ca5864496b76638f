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
        var selection = FolderSelection.Of(shown, contents, options);
        var paths = selection.Paths;
        var items = new TrainingItem?[paths.Count];
        var skipped = new SkippedPicture?[paths.Count];
        PictureHashing.Run(paths.Count, ReadItem, progress, cancellation);

        List<SkippedPicture> allSkipped = [.. skipped.OfType<SkippedPicture>()];
        if (options.Strict && allSkipped.Count > 0)
            throw new AuditException($"{allSkipped[0].Reason.TrimEnd('.')} (dataset '{shown}', read strictly).");
        var readable = items.OfType<TrainingItem>().Select((item, index) => item with { Index = index }).ToList();
        if (readable.Count == 0)
            throw Empty(shown, allSkipped);
        return new TrainingSet(folder, readable, allSkipped, item => ReadAgain(folder, item, options))
        {
            Background = options.Background,
            Notes = selection.Notes,
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
                items[i] = Describe(path, picture, selection.Metadata[i]);
            }
            catch (AuditException e)
            {
                skipped[i] = new(path, e.Message);
            }
        }
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

    /// <summary>The refusal of a dataset without a readable picture.</summary>
    public static AuditException Empty(string shown, IReadOnlyList<SkippedPicture> skipped) =>
        new(
            skipped.Count == 0
                ? $"'{shown}' holds no {PictureFormat.ReadableNames} picture; "
                    + "give the folder that holds the training pictures."
                : $"'{shown}' holds no readable picture ({skipped.Count} left out, "
                    + $"the first because {skipped[0].Reason.TrimEnd('.')})."
        );
}
