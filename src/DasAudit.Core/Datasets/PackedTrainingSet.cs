using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using DasAudit.Core.Pictures.Blocks;

namespace DasAudit.Core.Datasets;

/// <summary>A training set whose pictures lie packed in Parquet shards, tar files or zip files.</summary>
internal static class PackedTrainingSet
{
    /// <param name="shown">What messages call the dataset.</param>
    /// <param name="path">The folder or file, absolute.</param>
    public static TrainingSet Load(
        string shown,
        string path,
        IPackedPictures packed,
        TrainingSetOptions options,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        CaptionRequirement.CheckSources(shown, packed.CaptionSources, options);
        var (pictures, splitNotes) = Select(shown, packed, options);
        List<PictureMetadata> metadata = [.. pictures.Select(picture => picture.Metadata)];
        List<string> paths = [.. pictures.Select(picture => picture.Path)];
        CaptionRequirement.CheckColumn(shown, metadata, options);
        var captions = CaptionRequirement.Check(shown, paths, metadata, packed.Captions, options.Captions);
        var items = new TrainingItem?[pictures.Count];
        var skipped = new SkippedPicture?[pictures.Count];
        var batches = pictures.GroupBy(picture => picture.Batch).Select(batch => batch.Count());
        PictureHashing.Run([.. batches], ReadItem, progress, cancellation);

        List<SkippedPicture> allSkipped = [.. packed.Skipped, .. skipped.OfType<SkippedPicture>()];
        allSkipped.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        if (options.Strict && allSkipped.Count > 0)
            throw new AuditException($"{allSkipped[0].Reason.TrimEnd('.')} (dataset '{shown}', read strictly).");
        var readable = new List<TrainingItem>();
        var sources = new List<PackedPicture>();
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i] is not { } item)
                continue;
            readable.Add(item with { Index = readable.Count });
            sources.Add(pictures[i]);
        }

        if (readable.Count == 0)
            throw FolderTrainingSet.Empty(shown, allSkipped);
        return new TrainingSet(
            path,
            readable,
            allSkipped,
            item => ReadAgain(packed, sources[item.Index], item, options)
        )
        {
            Background = options.Background,
            Resize = options.Resize,
            Notes = [.. packed.Notes, .. splitNotes],
            Captions = captions,
            OpenFile = item => new MemoryStream(packed.Read(sources[item.Index], options.PixelLimit)),
        };

        void ReadItem(int i)
        {
            try
            {
                var file = packed.Read(pictures[i], options.PixelLimit);
                items[i] = Describe(pictures[i], Decode(file, pictures[i], options), file);
            }
            catch (AuditException e)
            {
                skipped[i] = new(pictures[i].Path, e.Message);
            }
        }
    }

    /// <summary>The pictures of the splits that the options ask for, and what was decided unasked.</summary>
    public static (IReadOnlyList<PackedPicture> Pictures, IReadOnlyList<string> Notes) Select(
        string shown,
        IPackedPictures packed,
        TrainingSetOptions options
    )
    {
        string?[] splits = [.. packed.Pictures.Select(picture => picture.Metadata.Split)];
        var selection = SplitSelection.Of(shown, splits, options);
        return ([.. selection.Positions.Select(i => packed.Pictures[i])], selection.Notes);
    }

    /// <summary>Reads and decodes one picture.</summary>
    public static HashedPicture Decode(IPackedPictures packed, PackedPicture picture, TrainingSetOptions options) =>
        Decode(packed.Read(picture, options.PixelLimit), picture, options);

    private static HashedPicture Decode(byte[] file, PackedPicture picture, TrainingSetOptions options) =>
        HashedPicture.Of(PictureReader.Decode(file, picture.Path, options.PixelLimit, options.Background), file);

    private static Picture ReadAgain(
        IPackedPictures packed,
        PackedPicture source,
        TrainingItem item,
        TrainingSetOptions options
    )
    {
        var picture = Decode(packed, source, options);
        if (picture.Sha256 != item.Sha256)
            throw new AuditException(
                $"'{item.Path}' has changed since the dataset was read; leave the dataset alone and start again."
            );
        return picture.Picture;
    }

    private static TrainingItem Describe(PackedPicture source, HashedPicture picture, byte[] file) =>
        new()
        {
            Index = 0,
            Path = source.Path,
            Sha256 = picture.Sha256,
            PixelSha256 = picture.PixelSha256,
            Width = picture.Picture.Width,
            Height = picture.Picture.Height,
            PerceptualHash = PerceptualHash.Compute(picture.Picture),
            Composited = picture.Picture.Composited,
            MayState = FileBlocks.Read(new MemoryStream(file)).MayState,
            Metadata = source.Metadata,
        };
}
