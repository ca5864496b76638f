using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;
using Parquet.Serialization;

namespace DasAudit.Core.Tests.Datasets;

public sealed class ParquetTrainingSetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private TrainingSet Load(TrainingSetOptions? options = null) => PackedFiles.Load(_folder.Path, options);

    private string Refusal(TrainingSetOptions? options = null) =>
        Assert.Throws<AuditException>(() => Load(options)).Message;

    [Fact]
    public void A_shard_of_DuckDB_gives_its_pictures_with_what_its_columns_say()
    {
        _folder.Write("data/train-00000-of-00001.parquet", PackedFiles.Read("duckdb-snappy.parquet"));

        var set = Load();

        const string Shard = "data/train-00000-of-00001.parquet";
        Assert.Equal(
            [$"{Shard}#0/p0.png", $"{Shard}#1/p1.png", $"{Shard}#2/p2.png", $"{Shard}#4/p4.png"],
            set.Items.Select(item => item.Path)
        );
        Assert.Equal([0, 1, 2, 3], set.Items.Select(item => item.Index));
        int[] rows = [0, 1, 2, 4];
        Assert.Equal(rows.Select(row => PackedFiles.Sha256[row]), set.Items.Select(item => item.Sha256));
        Assert.Equal([0, 1, 0, 0], set.Items.Select(item => item.Label!.Value));
        Assert.Equal(["picture 0", null, "picture 2", "picture 4"], set.Items.Select(item => item.Caption));
        Assert.All(set.Items, item => Assert.Equal(("CC0-1.0", "train"), (item.Rights.License, item.Split)));
        Assert.Equal("Holder 4", set.Items[3].Rights.RightsHolder);
        Assert.Equal($"{Shard}#3", Assert.Single(set.Skipped).Path);
        Assert.Contains("holds no picture", set.Skipped[0].Reason, StringComparison.Ordinal);
        Assert.Equal((5, 4), (set.Items[0].Width, set.Items[0].Height));
        foreach (var item in set.Items.Reverse())
            Assert.Equal(item.PixelSha256, PixelHash.Compute(set.Read(item)));
    }

    [Theory]
    [InlineData(CaptionSource.TextFile, ".txt files")]
    [InlineData(CaptionSource.CaptionFile, ".caption files")]
    [InlineData(CaptionSource.Folder, "folder names")]
    public void Captions_from_elsewhere_than_columns_are_refused(CaptionSource source, string name)
    {
        _folder.Write("a.parquet", PackedFiles.Read("duckdb-plain.parquet"));
        Assert.Equal(
            $"The pictures of '{_folder.Path}' lie packed in files and can have captions in metadata, not in {name}; "
                + "give {caption-source} another value, or leave it out.",
            Refusal(new() { Captions = new() { Source = source } })
        );
        Assert.NotEmpty(Load(new() { Captions = new() { Source = CaptionSource.Metadata } }).Items);
    }

    [Theory]
    [InlineData("duckdb-zstd.parquet")]
    [InlineData("duckdb-plain.parquet")]
    public void Other_compressions_and_a_plain_column_are_read(string name)
    {
        _folder.Write("a.parquet", PackedFiles.Read(name));
        var set = Load();
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"a.parquet#{i}"), set.Items.Select(item => item.Path));
        Assert.Equal(PackedFiles.Sha256, set.Items.Select(item => item.Sha256));
        Assert.All(set.Items, item => Assert.Null(item.Split));
        // The shard itself can be given, too.
        Assert.Equal(set.Root, PackedFiles.Load(_folder.At("a.parquet")).Root);
    }

    [Fact]
    public void Several_columns_of_pictures_are_refused_unless_one_is_called_image()
    {
        _folder.Write("a.parquet", PackedFiles.Read("duckdb-two.parquet"));
        Assert.Contains("in several columns (left_eye, right_eye)", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sounds_are_no_pictures()
    {
        _folder.Write("a.parquet", PackedFiles.Read("duckdb-sound.parquet"));
        Assert.Contains("holds no PNG", Refusal(), StringComparison.Ordinal);
        Assert.Contains(
            "has no column of pictures",
            Assert.Throws<AuditException>(() => PackedFiles.Load(_folder.At("a.parquet"))).Message,
            StringComparison.Ordinal
        );
        _folder.Write("loose.png", TestPictures.Png());
        Assert.Equal("loose.png", Assert.Single(Load().Items).Path);
    }

    [Fact]
    public async Task Row_groups_are_read_in_any_order_and_splits_come_from_columns_and_names()
    {
        await WriteAsync("data/train-00000-of-00002.parquet", 0, 23, rowGroupSize: 5);
        await WriteAsync("data/train-00001-of-00002.parquet", 23, 4, rowGroupSize: 100);
        await WriteAsync("data/test-00000-of-00001.parquet", 40, 3, rowGroupSize: 2);
        await WriteAsync("data/extra.parquet", 60, 2, rowGroupSize: 2, split: "validation");

        var train = Load();
        Assert.Equal(27, train.Items.Count);
        Assert.Contains("those of 'test' and 'validation' were left out", Assert.Single(train.Notes));
        Assert.Equal("data/train-00000-of-00002.parquet#07/seed7.png", train.Items[7].Path);
        Assert.Equal("data/train-00001-of-00002.parquet#3/seed26.png", train.Items[26].Path);
        var random = new Random(1);
        var order = Enumerable.Range(0, 27).OrderBy(_ => random.Next()).ToArray();
        Parallel.ForEach(order, i => Assert.Equal(TestPictures.Pattern(i).Rgb, train.Read(train.Items[i]).Rgb));

        Assert.Equal(3, Load(new() { Split = "test" }).Items.Count);
        Assert.Equal(2, Load(new() { Split = "validation" }).Items.Count);
        Assert.Equal(2, Load(new() { Split = "dev" }).Items.Count);
        Assert.Equal(32, Load(new() { Split = "all" }).Items.Count);
        Assert.Equal(29, Load(new() { Split = "all", ExceptSplit = "test" }).Items.Count);
        Assert.Contains(
            "name one of its splits: test, train, validation",
            Refusal(new() { Split = "holdout" }),
            StringComparison.Ordinal
        );
        Assert.Equal(27, DatasetSurvey.Of(_folder.Path, new(), TestContext.Current.CancellationToken).Count);
    }

    [Fact]
    public async Task A_survey_reads_a_few_pictures_of_many()
    {
        await WriteAsync("a.parquet", 0, 90, rowGroupSize: 50);
        var survey = DatasetSurvey.Of(_folder.Path, new(), TestContext.Current.CancellationToken);
        Assert.Equal((90, 48), (survey.Count, survey.Sample.Count));
    }

    [Fact]
    public async Task Shards_beside_loose_pictures_are_refused()
    {
        await WriteAsync("data/train.parquet", 0, 2, rowGroupSize: 2);
        _folder.Write("assets/preview.png", TestPictures.Png());
        var message = Refusal();
        Assert.Contains("'data/train.parquet'", message, StringComparison.Ordinal);
        Assert.Contains("'assets/preview.png'", message, StringComparison.Ordinal);
        Assert.Equal(2, PackedFiles.Load(_folder.At("data")).Items.Count);
    }

    [Fact]
    public async Task Damaged_shards_and_pointers_are_refused_by_name()
    {
        await WriteAsync("a.parquet", 0, 9, rowGroupSize: 3);
        var whole = await File.ReadAllBytesAsync(_folder.At("a.parquet"), TestContext.Current.CancellationToken);
        _folder.Write("a.parquet", whole[..(whole.Length / 2)]);
        Assert.StartsWith("'a.parquet' is damaged or no Parquet file", Refusal(), StringComparison.Ordinal);
        _folder.Write("a.parquet", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
        Assert.Contains("is a Git LFS pointer", Refusal(), StringComparison.Ordinal);
        var random = new Random(4);
        for (var i = 0; i < 150; i++)
        {
            var hurt = whole.ToArray();
            hurt[random.Next(hurt.Length)] ^= (byte)random.Next(1, 256);
            _folder.Write("a.parquet", hurt);
            try
            {
                Assert.InRange(Load().Items.Count, 1, 9);
            }
            catch (AuditException) { }
        }
    }

    [Fact]
    public async Task A_picture_that_changes_under_the_reader_is_refused()
    {
        await WriteAsync("a.parquet", 0, 6, rowGroupSize: 1);
        var set = Load();
        await WriteAsync("a.parquet", 50, 6, rowGroupSize: 1);
        var error = Assert.Throws<AuditException>(() => set.Read(set.Items[0]));
        Assert.Contains("'a.parquet#0/seed0.png' has changed", error.Message, StringComparison.Ordinal);
    }

    private async Task WriteAsync(string name, int first, int count, int rowGroupSize, string? split = null)
    {
        var rows = Enumerable
            .Range(first, count)
            .Select(seed => new Row
            {
                image = new() { bytes = TestPictures.Png(seed), path = $"/home/somebody/seed{seed}.png" },
                label = seed % 3,
                split = split,
            });
        await using var file = File.Create(_folder.At(name));
        var options = new Parquet.ParquetOptions { RowGroupSize = rowGroupSize };
        await ParquetSerializer.SerializeAsync(rows, file, options);
    }

#pragma warning disable IDE1006 // The names are the columns'.
    private sealed class Row
    {
        public Image? image { get; set; }

        public int? label { get; set; }

        public string? split { get; set; }
    }

    private sealed class Image
    {
        public byte[]? bytes { get; set; }

        public string? path { get; set; }
    }
#pragma warning restore IDE1006
}
