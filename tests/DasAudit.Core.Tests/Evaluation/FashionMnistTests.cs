using System.IO.Compression;
using DasAudit.Abstractions;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Evaluation;

public sealed class FashionMnistTests : IDisposable
{
    private const int Stored = 28;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_of_both_classes_are_padded_and_averaged()
    {
        // Picture i has the value 10·i in its first row and 0 elsewhere.
        WriteIdx(labels: [3, 7, 7, 3, 3, 7]);

        FashionMnist.Write(_folder["idx"], "train", [7, 3], 4, _folder["set"]);

        string[] names = [.. Directory.GetFiles(_folder["set"]).Select(file => Path.GetFileName(file)).Order()];
        Assert.Equal(["class-3-00000.png", "class-3-00003.png", "class-7-00001.png", "class-7-00002.png"], names);
        var picture = PictureReader.Read(_folder["set/class-7-00002.png"]).Picture;
        Assert.Equal((16, 16), (picture.Width, picture.Height));
        // Rows 0 and 1 of the padded picture are border, row 2 is the bright one, averaged with row 3.
        Assert.Equal([0, 10, 0], new[] { 0, 1, 2 }.Select(row => (int)picture.Rgb[(row * 16 + 5) * 3]));
        Assert.Equal(0, picture.Rgb[(1 * 16 + 0) * 3]);
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        var error = Assert.Throws<AuditException>(() =>
            FashionMnist.Write(_folder["none"], "train", [7, 3], 4, _folder["set"])
        );

        Assert.Contains("dataset-fashion-mnist", error.Message);
        Assert.False(Directory.Exists(_folder["set"]));
    }

    private void WriteIdx(byte[] labels)
    {
        var images = new byte[labels.Length * Stored * Stored];
        for (var i = 0; i < labels.Length; i++)
            images.AsSpan(i * Stored * Stored, Stored).Fill((byte)(10 * i));
        Write("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, (byte)labels.Length, .. labels]);
        Write(
            "train-images-idx3-ubyte.gz",
            Packed([0, 0, 8, 3, 0, 0, 0, (byte)labels.Length, 0, 0, 0, Stored, 0, 0, 0, Stored, .. images])
        );

        void Write(string name, byte[] bytes) => _folder.Write($"idx/{name}", bytes);
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest))
            zip.Write(bytes);
        return packed.ToArray();
    }
}
