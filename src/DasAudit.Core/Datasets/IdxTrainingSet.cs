using System.Globalization;
using DasAudit.Abstractions;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>A training set that is an IDX pair; grey becomes RGB, and a picture's path is the images file's name, #, and its number from 0.</summary>
internal static class IdxTrainingSet
{
    private const string Stage = "hashing pictures";

    public static TrainingSet Load(
        string given,
        string path,
        IdxPair pair,
        TrainingSetOptions options,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        if (options.Split is { } split && split != pair.Split)
            throw new AuditException(
                $"'{given}' holds no split '{split}', only '{pair.Name}'; name the split of pictures that are there, or none."
            );
        var images = IdxFile.Read(pair.Images, 3);
        var labels = IdxFile.Read(pair.Labels, 1);
        var (count, height, width) = (images.Dimensions[0], images.Dimensions[1], images.Dimensions[2]);
        if (count != labels.Values.Length)
            throw new AuditException(
                $"'{pair.Name}' holds {count} pictures but its labels file holds {labels.Values.Length} labels; fetch both again."
            );
        if (images.Values.Length == 0)
            throw new AuditException(
                $"'{pair.Name}' holds no pictures; give the dataset that the model was trained on."
            );
        if ((long)width * height > options.PixelLimit)
            throw new AuditException(
                $"The pictures of '{pair.Name}' measure {width}×{height}, more than the limit of {options.PixelLimit} pixels."
            );

        // Padded, so that ordinal order of paths is the order of the numbers.
        var digits = (count - 1).ToString(CultureInfo.InvariantCulture).Length;
        var items = new TrainingItem[count];
        var done = 0;
        var reporting = new Lock();
        Parallel.For(
            0,
            count,
            new ParallelOptions { CancellationToken = cancellation },
            i =>
            {
                var picture = Read(i);
                var hashed = HashedPicture.Of(picture, Bytes(i));
                items[i] = new TrainingItem
                {
                    Index = i,
                    Path = $"{pair.Name}#{i.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0')}",
                    Sha256 = hashed.Sha256,
                    PixelSha256 = hashed.PixelSha256,
                    Width = width,
                    Height = height,
                    PerceptualHash = PerceptualHash.Compute(picture),
                    Split = pair.Split,
                    Label = labels.Values[i],
                };
                lock (reporting)
                    progress?.Report(new StageProgress(Stage, ++done, count));
            }
        );
        return new TrainingSet(path, items, [], item => Read(item.Index));

        ReadOnlySpan<byte> Bytes(int i) => images.Values.AsSpan(i * width * height, width * height);

        Picture Read(int i)
        {
            var grey = Bytes(i);
            var rgb = new byte[width * height * 3];
            for (var p = 0; p < rgb.Length; p++)
                rgb[p] = grey[p / 3];
            return new Picture(width, height, rgb);
        }
    }
}
