using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Datasets;

public sealed class TarTrainingSetTests : IDisposable
{
    private static readonly string LongFolder = "a/very/long/" + string.Concat(Enumerable.Repeat("folder/", 30));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private TrainingSet Load(TrainingSetOptions? options = null) => PackedFiles.Load(_folder.Path, options);

    private string Refusal() => Assert.Throws<AuditException>(() => Load()).Message;

    [Fact]
    public void Samples_of_webdataset_are_one_picture_each_with_what_stands_beside_it()
    {
        _folder.Write("train-000000.tar", PackedFiles.Read("webdataset.tar"));

        var set = Load();

        Assert.Equal(
            ["train-000000.tar#00000.png", "train-000000.tar#00001.png", $"train-000000.tar#{LongFolder}00002.png"],
            set.Items.Select(item => item.Path)
        );
        Assert.Equal(PackedFiles.Sha256.Take(3), set.Items.Select(item => item.Sha256));
        Assert.Equal([0, 7, 14], set.Items.Select(item => item.Label!.Value));
        Assert.Equal(["caption 0", "json 1", "caption 2"], set.Items.Select(item => item.Caption));
        Assert.Equal(["Author 0", "Author 1", "Author 2"], set.Items.Select(item => item.Rights.Author));
        Assert.All(set.Items, item => Assert.Equal(("CC0-1.0", "train"), (item.Rights.License, item.Split)));
        Assert.StartsWith("3 pictures of the tar files", Assert.Single(set.Notes), StringComparison.Ordinal);
        foreach (var item in set.Items)
            Assert.Equal(item.PixelSha256, PixelHash.Compute(set.Read(item)));
        Assert.Equal(set.Root, PackedFiles.Load(_folder.At("train-000000.tar")).Root);
    }

    // In the base 256 that tar has for large numbers, more than 64 bits.
    [Fact]
    public void A_size_that_no_file_has_is_refused()
    {
        const int size = 124;
        var bytes = PackedFiles.Read("webdataset.tar");
        bytes.AsSpan(size, 12).Fill(0xff);
        bytes[size] = 0x80;
        _folder.Write("train.tar", bytes);

        Assert.Contains("train.tar' is damaged", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_packed_folder_is_read_and_nothing_in_it_is_followed()
    {
        _folder.Write("folder.tar", PackedFiles.Read("folder.tar"));
        var set = Load();
        Assert.Equal(
            ["folder.tar#pictures/cat.png", "folder.tar#pictures/holiday.2020.png"],
            set.Items.Select(item => item.Path)
        );
        Assert.Equal([PackedFiles.Sha256[1], PackedFiles.Sha256[0]], set.Items.Select(item => item.Sha256));
        Assert.Equal(
            [
                "folder.tar#../outside.png",
                "folder.tar#/absolute.png",
                "folder.tar#hard.png",
                "folder.tar#linked.png",
                "folder.tar#pipe.png",
            ],
            set.Skipped.Select(skipped => skipped.Path)
        );
        Assert.Contains("leads out of the tar file", set.Skipped[0].Reason, StringComparison.Ordinal);
        Assert.Contains("is a link or no plain file", set.Skipped[3].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Beside_loose_pictures_a_tar_file_is_what_they_came_in()
    {
        _folder.Write("folder.tar", PackedFiles.Read("folder.tar"));
        _folder.Write("pictures/a.png", TestPictures.Png());
        Assert.Equal("pictures/a.png", Assert.Single(Load().Items).Path);
        Assert.Equal(
            "'folder.tar' beside the loose pictures was not read; give an archive by its own name to read it.",
            Assert.Single(Load().Notes)
        );
    }

    [Fact]
    public void A_tar_file_that_is_cut_is_refused_wherever_it_ends()
    {
        var whole = PackedFiles.Read("webdataset.tar");
        var end = whole.AsSpan().LastIndexOfAnyExcept((byte)0);
        for (var length = 600; length <= end; length += 512)
        {
            _folder.Write("a.tar", whole[..length]);
            Assert.Contains("'a.tar'", Refusal(), StringComparison.Ordinal);
        }

        _folder.Write("a.tar", whole[..(9 * 512)]);
        Assert.Contains("ends too early", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Flipped_bytes_give_pictures_or_a_refusal_and_nothing_else()
    {
        var whole = PackedFiles.Read("webdataset.tar");
        var random = new Random(6);
        for (var i = 0; i < 150; i++)
        {
            var hurt = whole.ToArray();
            hurt[random.Next(hurt.Length)] ^= (byte)random.Next(1, 256);
            _folder.Write("a.tar", hurt);
            try
            {
                Assert.InRange(Load().Items.Count, 1, 6);
            }
            catch (AuditException) { }
        }
    }

    [Fact]
    public void Compressed_tar_files_junk_and_pointers_are_refused_by_name()
    {
        _folder.Write("a.tar.gz", [0x1f, 0x8b, 8, 0]);
        Assert.Contains("'a.tar.gz' is a compressed tar file", Refusal(), StringComparison.Ordinal);
        File.Delete(_folder.At("a.tar.gz"));
        _folder.Write("a.tar", new string('x', 2000));
        Assert.Contains("'a.tar' is damaged or no tar file", Refusal(), StringComparison.Ordinal);
        _folder.Write("a.tar", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
        Assert.Contains("is a Git LFS pointer", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_over_the_limit_are_left_out()
    {
        _folder.Write("a.tar", PackedFiles.Read("webdataset.tar"));
        var message = Assert.Throws<AuditException>(() => Load(new() { PixelLimit = 19 })).Message;
        Assert.Contains("measures 5×4", message, StringComparison.Ordinal);
    }
}
