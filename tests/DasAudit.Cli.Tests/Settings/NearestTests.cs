using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Settings;

namespace DasAudit.Cli.Tests.Settings;

public class NearestTests
{
    [Theory]
    [InlineData("modle", "model")]
    [InlineData("seeds", "seed")]
    [InlineData("no-colour", "no-color")]
    public void A_slip_finds_its_word(string slip, string word) =>
        Assert.Equal(word, Nearest.To(slip, ["model", "seed", "no-color", "top"]));

    [Theory]
    [InlineData("x")]
    [InlineData("device")]
    [InlineData("")]
    public void Another_word_finds_nothing(string word) =>
        Assert.Null(Nearest.To(word, ["model", "seed", "no-color", "top"]));
}
