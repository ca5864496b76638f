using System.Globalization;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>A training set that is an IDX pair. Grey becomes RGB; paths are the file's name, #, and a number.</summary>
internal static class IdxTrainingSet
{
    public static TrainingSet Load(
        string shown,
        string path,
        IdxPair pair,
        TrainingSetOptions options,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        if (options.Split is { } split and not TrainingSetOptions.AllSplits && split != pair.Split)
            throw new AuditException(
                $"'{shown}' holds no split '{split}', only '{pair.Name}'; "
                    + "name the split of pictures that are there, or none."
            );
        CaptionRequirement.CheckSources(shown, [], options);
        CaptionRequirement.CheckColumn(shown, [], options);
        PictureMetadata[] none = [PictureMetadata.None];
        var captions = CaptionRequirement.Check(shown, [pair.Name], none, DatasetCaptions.None, options.Captions);
        var images = IdxFile.Read(pair.Images, 3);
        var labels = IdxFile.Read(pair.Labels, 1);
        Check(pair, images, labels, options.PixelLimit);

        var (count, height, width) = (images.Dimensions[0], images.Dimensions[1], images.Dimensions[2]);
        // Padded, so that ordinal order of paths is the order of the numbers.
        var format = "D" + (count - 1).ToString(CultureInfo.InvariantCulture).Length;
        var items = new TrainingItem[count];
        PictureHashing.Run(count, ReadItem, progress, cancellation);
        return new TrainingSet(path, items, [], item => ReadPicture(item.Index))
        {
            Kind = "IDX pair",
            Notes = [.. NotesOn(shown, pair)],
            Captions = captions,
            Resize = options.Resize,
        };

        void ReadItem(int i)
        {
            var picture = HashedPicture.Of(ReadPicture(i), GreyLevels(i));
            items[i] = new TrainingItem
            {
                Index = i,
                Path = $"{pair.Name}#{i.ToString(format, CultureInfo.InvariantCulture)}",
                Sha256 = picture.Sha256,
                PixelSha256 = picture.PixelSha256,
                Width = width,
                Height = height,
                PerceptualHash = PerceptualHash.Compute(picture.Picture),
                Metadata = new() { Split = pair.Split, Label = labels.Values[i] },
            };
        }

        ReadOnlySpan<byte> GreyLevels(int i) => images.Values.AsSpan(i * width * height, width * height);

        Picture ReadPicture(int i)
        {
            var grey = GreyLevels(i);
            var rgb = new byte[width * height * 3];
            for (var p = 0; p < rgb.Length; p++)
                rgb[p] = grey[p / 3];
            return new Picture(width, height, rgb);
        }
    }

    private static IEnumerable<string> NotesOn(string shown, IdxPair pair)
    {
        if (pair.LeftOut.Count > 0)
            yield return $"'{shown}' holds several IDX images files; '{pair.Name}' was read, and not "
                + $"{string.Join(", ", pair.LeftOut.Select(name => $"'{name}'"))}; {Settings.Name("split")} reads "
                + "another.";
    }

    private static void Check(IdxPair pair, IdxFile images, IdxFile labels, long pixelLimit)
    {
        var (count, height, width) = (images.Dimensions[0], images.Dimensions[1], images.Dimensions[2]);
        if (count != labels.Values.Length)
            throw new AuditException(
                $"'{pair.Name}' holds {count} pictures but its labels file holds {labels.Values.Length} labels; "
                    + "fetch both again."
            );
        if (images.Values.Length == 0)
            throw new AuditException(
                $"'{pair.Name}' holds no pictures; give the dataset that the model was trained on."
            );
        if ((long)width * height > pixelLimit)
            throw new AuditException(
                $"The pictures of '{pair.Name}' measure {width}×{height}, more than the limit of {pixelLimit} pixels."
            );
    }
}
