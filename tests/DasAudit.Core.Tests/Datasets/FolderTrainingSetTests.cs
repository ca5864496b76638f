using System.Security.Cryptography;
using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Datasets;

public sealed class FolderTrainingSetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private TrainingSet Load(TrainingSetOptions? options = null) =>
        TrainingSetLoader.Load(_folder.Path, options ?? new(), null, TestContext.Current.CancellationToken);

    private string Refusal(TrainingSetOptions? options = null) =>
        Assert.Throws<AuditException>(() => Load(options)).Message;

    private static string RefusalOf(string path) =>
        Assert
            .Throws<AuditException>(() =>
                TrainingSetLoader.Load(path, new(), null, TestContext.Current.CancellationToken)
            )
            .Message;

    [Fact]
    public void Pictures_come_in_ordinal_order_with_both_hashes()
    {
        _folder.Write("b.png", TestPictures.Png(1));
        _folder.Write("a/z.png", TestPictures.Png(2));
        _folder.Write("Z.png", TestPictures.Png(3, 9, 4));
        _folder.Write("notes.txt", "not a picture");
        _folder.Write(".hidden.png", TestPictures.Png(4));
        _folder.Write(".cache/c.png", TestPictures.Png(5));

        var set = Load();

        Assert.Equal(["Z.png", "a/z.png", "b.png"], set.Items.Select(i => i.Path));
        Assert.Equal([0, 1, 2], set.Items.Select(i => i.Index));
        Assert.Empty(set.Skipped);
        var first = set.Items[0];
        Assert.Equal((9, 4), (first.Width, first.Height));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(TestPictures.Png(3, 9, 4))), first.Sha256);
        Assert.Equal(PixelHash.Compute(TestPictures.Pattern(3, 9, 4)), first.PixelSha256);
        Assert.Equal(TestPictures.Pattern(3, 9, 4).Rgb, set.Read(first).Rgb);
        Assert.Equal(Rights.Unknown, first.Rights);
    }

    [Fact]
    public void A_picture_is_known_by_its_bytes_and_not_by_its_name()
    {
        _folder.Write("really-png.jpg", TestPictures.Png(1));
        _folder.Write("no-extension", TestPictures.Png(2));
        Assert.Equal(["no-extension", "really-png.jpg"], Load().Items.Select(i => i.Path));
    }

    [Fact]
    public void Broken_truncated_and_absurdly_large_pictures_are_named_and_skipped()
    {
        var large = TestPictures.Png(1, 200, 200);
        _folder.Write("good.png", TestPictures.Png());
        _folder.Write("broken.png", "this is text");
        _folder.Write("cut.png", large[..(large.Length / 2)]);
        _folder.Write("large.png", large);
        _folder.Write("empty.jpg", []);
        _folder.Write("moving.gif", "GIF89a........");

        var set = Load(new() { PixelLimit = 10_000 });

        Assert.Equal(["good.png"], set.Items.Select(i => i.Path));
        Assert.Equal(0, set.Items[0].Index);
        Assert.Equal(
            ["broken.png", "cut.png", "empty.jpg", "large.png", "moving.gif"],
            set.Skipped.Select(s => s.Path)
        );
        Assert.All(set.Skipped, s => Assert.Contains($"'{s.Path}'", s.Reason, StringComparison.Ordinal));
        Assert.Contains("200×200", set.Skipped[3].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Strictly_the_first_broken_picture_is_an_error()
    {
        _folder.Write("a.png", TestPictures.Png());
        _folder.Write("b.png", "this is text");
        _folder.Write("c.png", "this is text");
        Assert.Contains("'b.png'", Refusal(new() { Strict = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_pictures_is_an_error()
    {
        _folder.Write("LICENSES/MIT.txt", "text");
        Assert.Contains("holds no PNG, JPEG, WebP, GIF, BMP or TIFF picture", Refusal(), StringComparison.Ordinal);
        _folder.Write("a.png", "text");
        Assert.Contains("'a.png'", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_or_a_file_in_its_place_is_an_error()
    {
        var picture = _folder.Write("a.png", TestPictures.Png());
        Assert.Contains("is a file", RefusalOf(picture), StringComparison.Ordinal);
        Assert.Contains("does not exist", RefusalOf(_folder.At("no")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_changes_after_the_dataset_was_read_is_not_used()
    {
        var path = _folder.Write("a.png", TestPictures.Png(1));
        var set = Load();
        File.WriteAllBytes(path, TestPictures.Png(2));
        Assert.Contains(
            "has changed",
            Assert.Throws<AuditException>(() => set.Read(set.Items[0])).Message,
            StringComparison.Ordinal
        );
        File.Delete(path);
        Assert.Contains(
            "is not there",
            Assert.Throws<AuditException>(() => set.Read(set.Items[0])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Only_the_wanted_split_is_read()
    {
        foreach (var name in (string[])["a.png", "b.png", "c.png"])
            _folder.Write(name, TestPictures.Png());
        _folder.Write("metadata.csv", "file_name,split\na.png,train\nb.png,test\n");
        Assert.Equal(["a.png"], Load(new() { Split = "train" }).Items.Select(i => i.Path));
        Assert.Equal(3, Load(new() { Split = "all" }).Items.Count);
        Assert.Contains(
            "name one of its splits: test, train.",
            Refusal(new() { Split = "validation" }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_cancelled_load_stops()
    {
        _folder.Write("a.png", TestPictures.Png());
        Assert.ThrowsAny<OperationCanceledException>(() =>
            TrainingSetLoader.Load(_folder.Path, new(), null, new CancellationToken(canceled: true))
        );
    }

    [Fact]
    public void Progress_counts_every_picture()
    {
        for (var i = 0; i < 20; i++)
            _folder.Write($"{i}.png", TestPictures.Png(i));
        var heard = new Heard();
        TrainingSetLoader.Load(_folder.Path, new(), heard, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 21).Select(i => (long)i), heard.Done);
    }

    private sealed class Heard : IProgress<StageProgress>
    {
        public List<long> Done { get; } = [];

        public void Report(StageProgress value) => Done.Add(value.Done);
    }
}
