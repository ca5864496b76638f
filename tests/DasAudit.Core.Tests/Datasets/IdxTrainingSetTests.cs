using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Datasets;

public sealed class IdxTrainingSetTests : IDisposable
{
    private const string Images = "train-images-idx3-ubyte";
    private const string Labels = "train-labels-idx1-ubyte";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private TrainingSet Load(string? split = null, string? file = null) =>
        TrainingSetLoader.Load(
            file is null ? _folder.Path : _folder.At(file),
            new() { Split = split },
            null,
            TestContext.Current.CancellationToken
        );

    private string Refusal(string? split = null) => Assert.Throws<AuditException>(() => Load(split)).Message;

    private static byte[] Idx(params int[] dimensions)
    {
        var length = dimensions.Aggregate(1, (a, b) => a * b);
        var bytes = new byte[4 + 4 * dimensions.Length + length];
        (bytes[2], bytes[3]) = (8, (byte)dimensions.Length);
        for (var i = 0; i < dimensions.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + 4 * i), dimensions[i]);
        for (var i = 0; i < length; i++)
            bytes[^(length - i)] = (byte)(i * 7 % 251);
        return bytes;
    }

    private static byte[] GZip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    [Fact]
    public void Captions_are_refused_that_such_files_cannot_have()
    {
        _folder.Write(Images, Idx(12, 4, 5));
        _folder.Write(Labels, Idx(12));
        foreach (
            var (captions, setting) in new (CaptionOptions, string)[]
            {
                (new() { Source = CaptionSource.Metadata }, "{caption-source}"),
                (new() { Source = CaptionSource.Folder }, "{caption-source}"),
                (new() { Missing = MissingCaptions.Folder }, "{missing-captions}"),
            }
        )
        {
            var refusal = Assert
                .Throws<AuditException>(() => PackedFiles.Load(_folder.Path, new() { Captions = captions }))
                .Message;
            Assert.Contains("can have captions nowhere", refusal, StringComparison.Ordinal);
            Assert.Contains(setting, refusal, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pair_gives_numbered_pictures_with_labels_packed_or_not(bool packed)
    {
        var (images, labels) = (Idx(12, 4, 5), Idx(12));
        _folder.Write(packed ? Images + ".gz" : Images, packed ? GZip(images) : images);
        _folder.Write(packed ? Labels + ".gz" : Labels, packed ? GZip(labels) : labels);

        var set = Load();

        Assert.Equal(12, set.Items.Count);
        Assert.Equal(set.Items.Select(i => i.Path).Order(StringComparer.Ordinal), set.Items.Select(i => i.Path));
        var item = set.Items[3];
        Assert.Equal((Images + "#03", 21, "train", 5, 4), (item.Path, item.Label, item.Split, item.Width, item.Height));
        var pixels = images[(16 + 60)..(16 + 80)];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(pixels)), item.Sha256);
        var picture = set.Read(item);
        Assert.Equal(pixels.SelectMany(p => (byte[])[p, p, p]), picture.Rgb);
        Assert.Equal(PixelHash.Compute(picture), item.PixelSha256);
    }

    [Fact]
    public void Of_train_and_test_the_split_decides_and_train_is_the_default()
    {
        _folder.Write(Images, Idx(3, 2, 2));
        _folder.Write(Labels, Idx(3));
        _folder.Write("t10k-images-idx3-ubyte.gz", GZip(Idx(5, 2, 2)));
        _folder.Write("t10k-labels-idx1-ubyte.gz", GZip(Idx(5)));
        Assert.Equal(3, Load().Items.Count);
        Assert.Equal(3, Load("train").Items.Count);
        Assert.Equal(5, Load("test").Items.Count);
        Assert.Equal(5, Load(file: "t10k-images-idx3-ubyte.gz").Items.Count);
        Assert.Contains("or a split", Refusal("validation"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_that_the_only_pair_is_not_is_refused()
    {
        _folder.Write(Images, Idx(3, 2, 2));
        _folder.Write(Labels, Idx(3));
        Assert.Contains("holds no split 'test'", Refusal("test"), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_labels_and_counts_that_disagree_are_refused()
    {
        _folder.Write(Images, Idx(3, 2, 2));
        Assert.Contains("labels of 'train-images-idx3-ubyte' are missing", Refusal(), StringComparison.Ordinal);
        _folder.Write(Labels, Idx(4));
        Assert.Contains("holds 3 pictures but its labels file holds 4 labels", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_pair_is_refused()
    {
        _folder.Write(Images, Idx(0, 28, 28));
        _folder.Write(Labels, Idx(0));
        Assert.Contains("holds no pictures", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_refused_by_name()
    {
        _folder.Write(Labels, Idx(300));
        var whole = Idx(300, 8, 8);
        var packed = GZip(whole);
        var flipped = packed.ToArray();
        flipped[^6] ^= 1; // in the checksum
        var absurd = whole.ToArray();
        new byte[] { 0x7f, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1 }.CopyTo(absurd, 4);
        var endless = whole.ToArray();
        Array.Fill(endless, (byte)0x7f, 4, 12);
        var negative = whole.ToArray();
        negative[4] = 0xff;
        var cases = new (byte[] Bytes, string Says)[]
        {
            (whole[..^1], "holds 19199 of the 19200 values"),
            ([.. whole, 0], "holds more than the 19200 values"),
            (whole[..10], "ends within its header"),
            (packed[..(packed.Length / 2)], ""),
            (packed[..^9], ""),
            (flipped, "cannot be unpacked"),
            (absurd, "of the 2130706432 values"),
            (endless, "more than can be read"),
            (negative, "negative size"),
            (Idx(19200), "is no IDX file of bytes with 3 dimensions"),
            ([.. "P5 28 28 255 and so on"u8], "is no IDX file"),
            ([], "ends within its header"),
        };
        foreach (var (bytes, says) in cases)
        {
            _folder.Write(Images, bytes);
            var message = Refusal();
            Assert.StartsWith(
                "'train-images-idx3-ubyte' is damaged or no IDX file: ",
                message,
                StringComparison.Ordinal
            );
            Assert.Contains(says, message, StringComparison.Ordinal);
        }
    }
}
