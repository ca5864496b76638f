using DasAudit.Abstractions;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>A training set that is a folder of pictures.</summary>
internal static class FolderTrainingSet
{
    private const string Stage = "hashing pictures";

    public static TrainingSet Load(
        string given,
        string folder,
        TrainingSetOptions options,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var found = PictureFolder.Scan(folder);
        var metadata = MetadataTable.Read(given, found);
        var wanted = Wanted(given, found, metadata, options);

        var items = new TrainingItem?[wanted.Count];
        var reasons = new string?[wanted.Count];
        var done = 0;
        var reporting = new Lock();
        progress?.Report(new StageProgress(Stage, 0, wanted.Count));
        Parallel.For(
            0,
            wanted.Count,
            new ParallelOptions { CancellationToken = cancellation },
            i =>
            {
                try
                {
                    var picture = PictureReader.Read(Path.Combine(folder, wanted[i]), wanted[i], options.PixelLimit);
                    items[i] = Item(wanted[i], picture, metadata.GetValueOrDefault(wanted[i]));
                }
                catch (AuditException e)
                {
                    reasons[i] = e.Message;
                }

                lock (reporting)
                    progress?.Report(new StageProgress(Stage, ++done, wanted.Count));
            }
        );

        // What cannot be named in metadata belongs to no split.
        List<SkippedPicture> skipped = options.Split is null ? [.. found.Skipped] : [];
        skipped.AddRange(
            wanted.Zip(reasons).Where(p => p.Second is not null).Select(p => new SkippedPicture(p.First, p.Second!))
        );
        skipped.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        if (options.Strict && skipped.Count > 0)
            throw new AuditException($"{skipped[0].Reason.TrimEnd('.')} (dataset '{given}', read strictly).");
        List<TrainingItem> kept =
        [
            .. items.OfType<TrainingItem>().Select((item, index) => item with { Index = index }),
        ];
        if (kept.Count == 0)
            throw Empty(given, skipped);
        return new TrainingSet(folder, kept, skipped, item => Reread(folder, item, options.PixelLimit));
    }

    /// <summary>The pictures of the wanted splits.</summary>
    /// <exception cref="AuditException">There are pictures, but none of these splits.</exception>
    public static IReadOnlyList<string> Wanted(
        string given,
        PictureFolder found,
        Dictionary<string, MetadataRow> metadata,
        TrainingSetOptions options
    )
    {
        if (options.Split is null && options.ExceptSplit is null)
            return found.Pictures;
        string? SplitOf(string picture) => metadata.GetValueOrDefault(picture)?.Split;
        List<string> wanted = [.. found.Pictures.Where(p => options.Split is null || SplitOf(p) == options.Split)];
        if (wanted.Count == 0 && found.Pictures.Count > 0)
            throw NoSuchSplit(given, options.Split!, metadata);
        if (options.ExceptSplit is not { } except)
            return wanted;
        List<string> left = [.. wanted.Where(p => SplitOf(p) != except)];
        return left.Count > 0 || wanted.Count == 0
            ? left
            : throw new AuditException(
                $"'{given}' holds no pictures beside those of the split '{except}'; name another split, or give the pictures of that split as a folder."
            );
    }

    private static TrainingItem Item(string path, HashedPicture picture, MetadataRow? row) =>
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
            Rights = row?.Rights ?? Rights.Unknown,
            Title = row?.Title,
            Caption = row?.Caption,
            Split = row?.Split,
            Label = row?.Label,
        };

    private static Picture Reread(string folder, TrainingItem item, long pixelLimit)
    {
        var picture = PictureReader.Read(Path.Combine(folder, item.Path), item.Path, pixelLimit);
        return picture.Sha256 == item.Sha256
            ? picture.Picture
            : throw new AuditException(
                $"'{item.Path}' has changed since the dataset was read; leave the dataset alone and start again."
            );
    }

    private static AuditException NoSuchSplit(string given, string split, Dictionary<string, MetadataRow> metadata)
    {
        var splits = metadata
            .Values.Select(r => r.Split)
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        return new AuditException(
            splits.Count == 0
                ? $"No picture of '{given}' belongs to the split '{split}', because its metadata names no splits; leave the split out, or add the column split."
                : $"No picture of '{given}' belongs to the split '{split}'; name one of its splits: {string.Join(", ", splits)}."
        );
    }

    private static AuditException Empty(string given, List<SkippedPicture> skipped) =>
        new(
            skipped.Count == 0
                ? $"'{given}' holds no PNG, JPEG or WebP picture; give the folder that holds the training pictures."
                : $"'{given}' holds no readable picture ({skipped.Count} left out, the first because {skipped[0].Reason.TrimEnd('.')})."
        );
}
