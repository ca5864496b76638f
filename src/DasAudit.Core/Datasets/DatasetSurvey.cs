using System.Diagnostics;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>What reading a dataset will cost, from a few of its pictures.</summary>
/// <param name="Count">Number of pictures, broken ones included.</param>
/// <param name="SecondsPerPicture">Wall-clock seconds to read and hash one, all cores together.</param>
/// <param name="Sample">The pictures that were read, evenly spread.</param>
internal sealed record DatasetSurvey(int Count, double SecondsPerPicture, IReadOnlyList<Picture> Sample)
{
    private const int SampleSize = 48;

    public static DatasetSurvey Of(string path, TrainingSetOptions options, CancellationToken cancellation)
    {
        var shown = options.ShownAs ?? path;
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var watch = Stopwatch.StartNew();
        // IDX files are read at once or not at all, and small; so are datasets of a few hundred pictures.
        if (IdxPair.Find(folder, shown, options) is null)
        {
            if (PackedSource.Open(folder, shown, options, cancellation) is { } packed)
            {
                var (pictures, _) = PackedTrainingSet.Select(shown, packed, options);
                if (pictures.Count > SampleSize)
                    return OfSample(shown, pictures.Count, ReadPacked, cancellation);

                // Those that follow each other: of a Parquet shard, each other one would cost a row group.
                Picture ReadPacked(int i) => PackedTrainingSet.Decode(packed, pictures[i], options).Picture;
            }
            else if (Directory.Exists(folder))
            {
                var paths = PathsIn(shown, folder, options);
                if (paths.Count > SampleSize)
                {
                    var survey = OfSample(shown, paths.Count, ReadFile, cancellation);
                    return survey with
                    {
                        SecondsPerPicture = WithIndex(survey.SecondsPerPicture, folder, paths, options, cancellation),
                    };
                }

                Picture ReadFile(int i) => Read(folder, Spread(paths, i), options);
            }
        }

        var set = TrainingSetLoader.Load(path, options, cancellation: cancellation);
        var seconds = watch.Elapsed.TotalSeconds / set.Items.Count;
        var sample = Enumerable.Range(0, Math.Min(SampleSize, set.Items.Count));
        return new(set.Items.Count, seconds, [.. sample.Select(i => set.Read(Spread(set.Items, i)))]);
    }

    // Files that an index knows unchanged are not read.
    private static double WithIndex(
        double secondsToRead,
        string folder,
        IReadOnlyList<string> paths,
        TrainingSetOptions options,
        CancellationToken cancellation
    )
    {
        if (options.Indexes is null)
            return secondsToRead;
        var watch = Stopwatch.StartNew();
        var entries = new IndexedHashing(folder, paths, options).FindUnchanged(paths, cancellation);
        var changed = entries.Count(entry => entry is null);
        return (secondsToRead * changed + watch.Elapsed.TotalSeconds) / paths.Count;
    }

    private static DatasetSurvey OfSample(
        string shown,
        int count,
        Func<int, Picture> read,
        CancellationToken cancellation
    )
    {
        // The first pictures are slower, and not counted: code is compiled and the disk wakes up.
        var warmUp = Math.Min(SampleSize, Environment.ProcessorCount);
        var options = new ParallelOptions { CancellationToken = cancellation };
        var sample = new Picture?[SampleSize];
        Parallel.For(0, warmUp, options, Read);
        var watch = Stopwatch.StartNew();
        Parallel.For(warmUp, SampleSize, options, Read);
        var seconds = watch.Elapsed.TotalSeconds / Math.Max(1, SampleSize - warmUp);
        List<Picture> readable = [.. sample.OfType<Picture>()];
        if (readable.Count == 0)
            throw new AuditException(
                $"None of {SampleSize} files looked at in '{shown}' is a picture that can be read; "
                    + "check that it is the right folder."
            );
        return new(count, seconds, readable);

        void Read(int i)
        {
            try
            {
                var picture = read(i);
                _ = PerceptualHash.Compute(picture);
                sample[i] = picture;
            }
            catch (AuditException)
            {
                // Broken pictures are the reader's affair.
            }
        }
    }

    private static Picture Read(string folder, string path, TrainingSetOptions options) =>
        PictureReader.Read(Path.Combine(folder, path), path, options.PixelLimit, options.Background).Picture;

    private static IReadOnlyList<string> PathsIn(string shown, string folder, TrainingSetOptions options) =>
        FolderSelection.Of(shown, PictureFolder.Scan(folder), options).Paths;

    /// <summary>The i-th of a sample that is spread evenly over a list.</summary>
    private static T Spread<T>(IReadOnlyList<T> list, int i) =>
        list[(int)((long)i * list.Count / Math.Min(SampleSize, list.Count))];
}
