using DasAudit.Core.Datasets;
using DasAudit.Core.Datasets.Indexes;
using DasAudit.Core.Files;

namespace DasAudit.Core.Tests.Datasets.Indexes;

/// <summary>Three pictures in <c>data</c>, and indexes beside them, under a clock that runs an hour ahead.</summary>
internal sealed class IndexWorld : IDisposable
{
    public IndexWorld()
    {
        Folder.Write("data/a.png", TestPictures.Png(1));
        Folder.Write("data/b.png", TestPictures.Png(2));
        Folder.Write("data/sub/c.png", TestPictures.Png(3));
        Indexes = new(IndexPath, new ShiftedTime(TimeSpan.FromHours(1)));
    }

    public TempFolder Folder { get; } = new();

    public DatasetIndexFolder Indexes { get; }

    public string IndexPath => Folder["indexes"];

    public string Dataset => Folder["data"];

    /// <summary>The file of the only index.</summary>
    public string IndexFile => Assert.Single(Directory.GetFiles(IndexPath));

    public TrainingSetOptions Options => new() { Indexes = Indexes };

    public TrainingSet Load(TrainingSetOptions? options = null, string? dataset = null) =>
        TrainingSetLoader.Load(dataset ?? Dataset, options ?? Options, null, TestContext.Current.CancellationToken);

    /// <summary>How many files a load took from the index, and how many it read.</summary>
    public (int FromIndex, int FromFiles) Counts(TrainingSetOptions? options = null, string? dataset = null)
    {
        var origin = Load(options, dataset).Hashes!;
        return (origin.FromIndex, origin.FromFiles);
    }

    /// <summary>The index as it is kept.</summary>
    public DatasetIndex Read() => Indexes.Load(Key, out _)!;

    public DatasetIndexKey Key => new(RealPath.Of(Dataset)!, new TrainingSetOptions().PixelOptions);

    public void Dispose() => Folder.Dispose();
}
