using System.Diagnostics;
using DasAudit.Abstractions;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>What reading a dataset will cost, from a few of its pictures.</summary>
/// <param name="Count">Number of pictures, broken ones included.</param>
/// <param name="SecondsPerPicture">Wall-clock seconds to read and hash one, all cores together.</param>
/// <param name="Sample">The pictures that were read, evenly spread.</param>
public sealed record DatasetSurvey(int Count, double SecondsPerPicture, IReadOnlyList<Picture> Sample)
{
    private const int SampleSize = 48;

    /// <summary>Looks at a dataset.</summary>
    /// <param name="path">As <see cref="TrainingSetLoader.Load"/> takes it.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="AuditException">There is no dataset, or none of the sample can be read.</exception>
    public static DatasetSurvey Of(string path, TrainingSetOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var shown = options.ShownAs ?? path;
        var watch = Stopwatch.StartNew();
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        // IDX files are read at once or not at all, and small; so are folders of a few hundred pictures.
        var found =
            IdxPair.Find(folder, shown, options) is null && Directory.Exists(folder)
                ? Pictures(shown, folder, options)
                : [];
        if (found.Count <= SampleSize)
        {
            var set = TrainingSetLoader.Load(path, options, cancellation: cancellation);
            var seconds = watch.Elapsed.TotalSeconds / set.Items.Count;
            return new(set.Items.Count, seconds, [.. Spread(set.Items).Select(set.Read)]);
        }

        var pictures = new Picture?[SampleSize];
        Read(0, Environment.ProcessorCount);
        watch.Restart();
        Read(Environment.ProcessorCount, SampleSize);
        var each = watch.Elapsed.TotalSeconds / Math.Max(1, SampleSize - Environment.ProcessorCount);
        List<Picture> read = [.. pictures.OfType<Picture>()];
        return read.Count > 0
            ? new(found.Count, each, read)
            : throw new AuditException(
                $"None of {SampleSize} files looked at in '{shown}' is a picture that can be read; check that it is the right folder."
            );

        void Read(int from, int to) =>
            Parallel.For(
                Math.Min(from, to),
                to,
                new ParallelOptions { CancellationToken = cancellation },
                i =>
                {
                    var relative = found[(int)((long)i * found.Count / SampleSize)];
                    try
                    {
                        var hashed = PictureReader.Read(Path.Combine(folder, relative), relative, options.PixelLimit);
                        _ = PerceptualHash.Compute(hashed.Picture);
                        pictures[i] = hashed.Picture;
                    }
                    catch (AuditException)
                    {
                        // Broken pictures are the reader's affair.
                    }
                }
            );
    }

    private static IReadOnlyList<string> Pictures(string shown, string folder, TrainingSetOptions options)
    {
        var found = PictureFolder.Scan(folder);
        return options.Split is null && options.ExceptSplit is null
            ? found.Pictures
            : FolderTrainingSet.Wanted(shown, found, MetadataTable.Read(shown, found), options);
    }

    private static IEnumerable<T> Spread<T>(IReadOnlyList<T> all)
    {
        var count = Math.Min(SampleSize, all.Count);
        return Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Count / count)]);
    }
}
