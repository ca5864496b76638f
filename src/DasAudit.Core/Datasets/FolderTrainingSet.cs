using DasAudit.Core.Datasets.Indexes;
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
        var captions = CaptionRequirement.Check(
            shown,
            selection.Paths,
            selection.Metadata,
            selection.Captions,
            options.Captions
        );
        var files = new FolderFiles(folder);
        var hashing = new IndexedHashing(folder, contents.Pictures, options);
        var hashed = hashing.Run(shown, selection.Paths, ReadFacts, progress, cancellation);
        var items = new List<TrainingItem>(selection.Paths.Count);
        var skipped = new List<SkippedPicture>();
        foreach (var (i, outcome) in hashed.Outcomes.Index())
        {
            if (outcome.Facts is { } facts)
                items.Add(new(items.Count, selection.Paths[i], facts, selection.Metadata[i]));
            else
                skipped.Add(new(selection.Paths[i], outcome.Problem!));
        }

        if (options.Strict && skipped.Count > 0)
            throw new AuditException($"{skipped[0].Reason.TrimEnd('.')} (dataset '{shown}', read strictly).");
        if (items.Count == 0)
            throw Empty(shown, skipped);
        return new TrainingSet(folder, items, skipped, item => ReadAgain(folder, item, options))
        {
            Background = options.Background,
            Resize = options.Resize,
            Notes = [.. selection.Notes, .. hashed.Notes],
            Captions = captions,
            Hashes = hashed.Origin,
            OpenFile = item => files.Open(item.Path),
        };

        PictureFacts ReadFacts(string path)
        {
            var file = PictureReader.ReadBytes(Path.Combine(folder, path), path, options.PixelLimit);
            var picture = PictureReader.Decode(file, path, options.PixelLimit, options.Background);
            return PictureFacts.Of(HashedPicture.Of(picture, file), file);
        }
    }

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
