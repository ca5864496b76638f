using System.IO.Compression;
using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Datasets;

public sealed class ZipTrainingSetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private TrainingSet Load(TrainingSetOptions? options = null) => PackedFiles.Load(_folder.Path, options);

    private string Refusal() => Assert.Throws<AuditException>(() => Load()).Message;

    [Fact]
    public void Pictures_of_a_zip_file_of_Python_are_read_with_the_metadata_beside_it()
    {
        _folder.Write("data/images.zip", PackedFiles.Read("folder.zip"));
        _folder.Write(
            "data/metadata.jsonl",
            """
            {"file_name": "a/p0.png", "license": "MIT", "label": 3}
            {"file_name": "p2.png", "license": "CC0-1.0", "split": "train"}
            """
        );

        var set = Load();

        Assert.Equal(
            ["data/images.zip#a/p0.png", "data/images.zip#a/p1.png", "data/images.zip#p2.png"],
            set.Items.Select(item => item.Path)
        );
        Assert.Equal(PackedFiles.Sha256.Take(3), set.Items.Select(item => item.Sha256));
        Assert.Equal(["MIT", null, "CC0-1.0"], set.Items.Select(item => item.Rights.License));
        Assert.Equal([3, null, null], set.Items.Select(item => item.Label));
        Assert.Equal("data/images.zip#../outside.png", Assert.Single(set.Skipped).Path);
        Parallel.ForEach(set.Items, item => Assert.Equal(item.PixelSha256, PixelHash.Compute(set.Read(item))));
        Assert.Equal("MIT", PackedFiles.Load(_folder.At("data/images.zip")).Items[0].Rights.License);
    }

    [Fact]
    public void Only_pictures_of_a_folder_can_be_listed()
    {
        _folder.Write("images.zip", PackedFiles.Read("folder.zip"));
        Assert.Contains(
            "{listed-only} is for folders of picture files",
            Assert.Throws<AuditException>(() => Load(new() { ListedOnly = true })).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Metadata_inside_are_said_not_to_be_read()
    {
        using (var zip = ZipFile.Open(_folder.At("train.zip"), ZipArchiveMode.Create))
        {
            Write(zip, "x/metadata.csv", "file_name,license\na.png,MIT\n"u8);
            Write(zip, "x/a.png", TestPictures.Png());
        }

        var set = Load();
        Assert.Equal("train", Assert.Single(set.Items).Split);
        Assert.Equal(
            "'train.zip' holds x/metadata.csv, which is not read; put it beside the zip file.",
            Assert.Single(set.Notes)
        );
    }

    [Fact]
    public void What_unpacks_to_too_much_is_left_out_unread()
    {
        using (var zip = ZipFile.Open(_folder.At("a.zip"), ZipArchiveMode.Create))
        {
            Write(zip, "bomb.png", new byte[1 << 25]);
            Write(zip, "good.png", TestPictures.Png());
        }

        var set = Load(new() { PixelLimit = 1000 });
        Assert.Equal("a.zip#good.png", Assert.Single(set.Items).Path);
        Assert.Contains("too many for a picture", Assert.Single(set.Skipped).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_zip_files_are_refused_by_name()
    {
        var whole = PackedFiles.Read("folder.zip");
        _folder.Write("a.zip", whole[..(whole.Length / 2)]);
        Assert.StartsWith("'a.zip' is damaged or no zip file", Refusal(), StringComparison.Ordinal);
        var random = new Random(8);
        for (var i = 0; i < 200; i++)
        {
            var hurt = whole.ToArray();
            hurt[random.Next(hurt.Length)] ^= (byte)random.Next(1, 256);
            _folder.Write("a.zip", hurt);
            try
            {
                Assert.InRange(Load().Items.Count, 1, 4);
            }
            catch (AuditException) { }
        }
    }

    [Fact]
    public void Tar_and_zip_files_together_are_refused()
    {
        _folder.Write("a.zip", PackedFiles.Read("folder.zip"));
        _folder.Write("b.tar", PackedFiles.Read("folder.tar"));
        Assert.Contains("holds tar files ('b.tar') and zip files ('a.zip')", Refusal(), StringComparison.Ordinal);
    }

    private static void Write(ZipArchive zip, string name, ReadOnlySpan<byte> bytes)
    {
        using var stream = zip.CreateEntry(name).Open();
        stream.Write(bytes);
    }
}
