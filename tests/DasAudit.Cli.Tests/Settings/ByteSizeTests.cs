using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Settings;

namespace DasAudit.Cli.Tests.Settings;

public class ByteSizeTests
{
    [Theory]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("800MiB", 800L << 20)]
    [InlineData("1.5g", 3L << 29)]
    [InlineData("1.5 G", 3L << 29)]
    [InlineData("3KB", 3000)]
    [InlineData("2tb", 2_000_000_000_000)]
    [InlineData("1k", 1024)]
    public void Sizes_are_read(string text, long bytes) => Assert.Equal(bytes, ByteSize.Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("GiB")]
    [InlineData("0GiB")]
    [InlineData("-1GiB")]
    [InlineData("1.2.3g")]
    [InlineData("99999999999TiB")]
    [InlineData("2 GiBs")]
    public void Everything_else_is_refused(string text) =>
        Assert.Equal(
            $"takes a size such as 2GiB or 800MiB, not '{text}'.",
            Assert.Throws<FormatException>(() => ByteSize.Read(text)).Message
        );
}
