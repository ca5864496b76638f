using DasAudit.Abstractions;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Tests.Datasets;

/// <summary>A metadata.parquet of another writer (see Files/make.mjs), and damaged ones.</summary>
public sealed class ParquetMetadataTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly byte[] _metadata = File.ReadAllBytes(
        Path.Combine(AppContext.BaseDirectory, "Datasets", "Files", "arrow-zstd.parquet")
    );

    public ParquetMetadataTests()
    {
        _folder.Write("a.png", TestPictures.Png(1));
        _folder.Write("c.png", TestPictures.Png(2));
        _folder.Write("sub/b.png", TestPictures.Png(3));
    }

    public void Dispose() => _folder.Dispose();

    private TrainingSet Load() =>
        TrainingSetLoader.Load(_folder.Path, new(), null, TestContext.Current.CancellationToken);

    private string Refusal() => Assert.Throws<AuditException>(Load).Message;

    [Fact]
    public void Texts_numbers_lists_and_gaps_are_read_from_all_row_groups()
    {
        _folder.Write("metadata.parquet", _metadata);
        var set = Load();
        Assert.Empty(set.Notes);
        Assert.Equal(
            [
                new()
                {
                    License = "4",
                    RightsHolder = "Ann; Bob",
                    Author = "André",
                    Source = "true",
                },
                new() { License = "7", Source = "false" },
                new(),
            ],
            set.Items.Select(item => item.Rights)
        );
        Assert.Equal(["one", "four", "three"], set.Items.Select(item => item.Caption));
        Assert.Equal([2, 0, null], set.Items.Select(item => item.Label));
    }

    [Fact]
    public void A_row_is_named_by_its_number()
    {
        File.Delete(_folder.At("c.png"));
        _folder.Write("metadata.parquet", _metadata);
        Assert.Equal(
            "metadata.parquet, row 3, names 'c.png', which is not there; add the picture or remove the line.",
            Refusal()
        );
    }

    [Fact]
    public void Damaged_files_are_refused_whatever_is_broken()
    {
        _folder.Write("metadata.parquet", [.. "PAR1"u8, .. new byte[64], .. "PAR1"u8]);
        Assert.StartsWith(
            "'metadata.parquet' is no Parquet file that can be read (",
            Refusal(),
            StringComparison.Ordinal
        );
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var bytes = (byte[])_metadata.Clone();
            for (var flip = 0; flip < 3; flip++)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            _folder.Write("metadata.parquet", random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            var error = Record.Exception(Load);
            Assert.True(error is null or AuditException, error?.ToString());
        }
    }

    [Fact]
    public void Two_metadata_files_are_refused()
    {
        _folder.Write("metadata.parquet", _metadata);
        _folder.Write("metadata.csv", "file_name\na.png\n");
        Assert.Contains("has both metadata.parquet and metadata.csv", Refusal(), StringComparison.Ordinal);
    }
}
