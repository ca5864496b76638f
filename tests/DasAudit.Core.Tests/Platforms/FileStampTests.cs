using System.Diagnostics;
using System.Globalization;
using DasAudit.Core.Platforms;

namespace DasAudit.Core.Tests.Platforms;

public sealed class FileStampTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_is_what_stat_says()
    {
        var file = _folder.Write("é a.png", new byte[1234]);
        File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddTicks(1234567));
        var stamp = FileStamp.Of(file)!.Value;
        Assert.Equal(
            await StatAsync(file),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{stamp.Size} {stamp.Inode} {Seconds(stamp.Modified)} {Seconds(stamp.Changed)}"
            )
        );
        Assert.Equal("981173106.123456700", Seconds(stamp.Modified));
    }

    [Fact]
    public void A_link_has_the_stamp_of_the_file_that_it_leads_to()
    {
        var file = _folder.Write("a.png", "bytes");
        File.CreateSymbolicLink(_folder["link.png"], file);
        Assert.Equal(FileStamp.Of(file), FileStamp.Of(_folder["link.png"]));
    }

    [Fact]
    public void What_is_no_file_has_none()
    {
        File.CreateSymbolicLink(_folder["nowhere.png"], "no.png");
        Assert.Null(FileStamp.Of(_folder["no.png"]));
        Assert.Null(FileStamp.Of(_folder["nowhere.png"]));
        Assert.Null(FileStamp.Of(_folder.Path));
        Assert.Null(FileStamp.Of("/dev/null"));
    }

    [Theory]
    [InlineData(2.1, 9, true)]
    [InlineData(1.9, 9, false)]
    [InlineData(9, 1.9, false)]
    [InlineData(-60, 9, false)]
    public void It_is_settled_two_seconds_after_both_times(double modified, double changed, bool settled)
    {
        var read = DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20000);
        var stamp = new FileStamp(1, Before(modified), Before(changed), 1, 1);
        Assert.Equal(settled, stamp.IsSettledAt(read));

        long Before(double seconds) =>
            (read - DateTimeOffset.UnixEpoch - TimeSpan.FromSeconds(seconds)).Ticks * TimeSpan.NanosecondsPerTick;
    }

    private static string Seconds(long nanoseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000_000_000}.{nanoseconds % 1_000_000_000:d9}");

    private static async Task<string> StatAsync(string file)
    {
        var start = new ProcessStartInfo("stat", ["-c", "%s %i %.9Y %.9Z", file]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        return (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim();
    }
}
