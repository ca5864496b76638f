using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using SkiaSharp;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Pictures whose last columns are transparent, with black under it.</summary>
public sealed class BackgroundColourTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public BackgroundColourTests()
    {
        foreach (var (folder, first, count) in (ReadOnlySpan<(string, int, int)>)[("set", 0, 4), ("unseen", 10, 3)])
        {
            for (var i = first; i < first + count; i++)
            {
                _folder.Write($"{folder}/p{i}.png", Transparent(i));
                _folder.Write($"seen/{folder}/p{i}.png", PictureWriter.Png(OnBlack(i)));
            }
        }

        _folder.Write("query.png", Transparent(2));
        _folder.Write("seen/query.png", PictureWriter.Png(OnBlack(2)));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("black")]
    [InlineData("drop")]
    public void All_pictures_of_an_audit_are_seen_on_the_background(string background)
    {
        var audit = new TestAudit(_folder)
        {
            Decoys = "unseen",
            DatasetOptions = new() { Background = PictureBackground.Parse(background) },
        };
        var asSeen = audit with
        {
            Dataset = "seen/set",
            Decoys = "seen/unseen",
            Images = ["seen/query.png"],
            DatasetOptions = new(),
        };

        var (report, expected) = (audit.Report(), asSeen.Report());

        Assert.Equal(background, report.Dataset.Background);
        Assert.Null(expected.Dataset.Background);
        Assert.Equal(expected.Query.PixelSha256, report.Query.PixelSha256);
        Assert.Equal(
            expected.Attributions.Select(a => (a.Item, a.Score, a.PValue)),
            report.Attributions.Select(a => (a.Item, a.Score, a.PValue))
        );
        var onWhite = (audit with { DatasetOptions = new() }).Report();
        Assert.Null(onWhite.Dataset.Background);
        Assert.NotEqual(expected.Query.PixelSha256, onWhite.Query.PixelSha256);
    }

    [Fact]
    public void Other_generated_pictures_are_seen_on_the_background()
    {
        // Composited on white they would be other pictures than the audited one; on black, one is that picture.
        var audit = new TestAudit(_folder)
        {
            Images = ["seen/query.png"],
            NullQueries = "null",
            DatasetOptions = new() { Background = PictureBackground.Black },
        };
        _folder.Write("null/p2.png", Transparent(2));
        Assert.Contains("holds no other picture", audit.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Opaque_pictures_leave_no_background_in_the_report()
    {
        var audit = new TestAudit(_folder)
        {
            Dataset = "seen/set",
            Images = ["seen/query.png"],
            DatasetOptions = new() { Background = PictureBackground.Black },
        };
        Assert.Null(audit.Report().Dataset.Background);
    }

    [Fact]
    public void Transparency_on_the_default_background_is_told_at_once()
    {
        var told = new Told();
        new TestAudit(_folder).Run(told);
        Assert.Contains(
            "4 of 4 pictures of 'set' have transparency and were composited on white; {background-color} says what "
                + "the model saw instead.",
            told.Notices
        );
        told.Notices.Clear();
        new TestAudit(_folder) { DatasetOptions = new() { Background = PictureBackground.Drop } }.Run(told);
        Assert.DoesNotContain(told.Notices, notice => notice.Contains("transparency", StringComparison.Ordinal));
    }

    private static Picture OnBlack(int seed)
    {
        var picture = TestPictures.Pattern(seed, 8, 8);
        for (var i = 0; i < picture.Rgb.Length; i++)
            if (i / 3 % 8 >= 6)
                picture.Rgb[i] = 0;
        return picture;
    }

    private static byte[] Transparent(int seed)
    {
        var rgb = OnBlack(seed).Rgb;
        using var bitmap = new SKBitmap(8, 8, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        for (var i = 0; i < 64; i++)
        {
            var alpha = (byte)(i % 8 >= 6 ? 0 : 255);
            bitmap.SetPixel(i % 8, i / 8, new SKColor(rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2], alpha));
        }

        using var file = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return file.ToArray();
    }

    private sealed class Told : IProgress<StageProgress>
    {
        public List<string> Notices { get; } = [];

        public void Report(StageProgress value)
        {
            lock (Notices)
                if (value.Notice is { } notice)
                    Notices.Add(notice);
        }
    }
}
