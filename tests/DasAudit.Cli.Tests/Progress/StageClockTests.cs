using DasAudit.Cli.Progress;

namespace DasAudit.Cli.Tests.Progress;

public class StageClockTests
{
    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(59.6, "1 min 00 s")]
    [InlineData(65, "1 min 05 s")]
    [InlineData(3599.6, "1 h 00 min")]
    [InlineData(90061, "25 h 01 min")]
    public void Times_are_said_as_people_say_them(double seconds, string words) =>
        Assert.Equal(words, StageClock.Words(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(1234, "1234/s")]
    [InlineData(12.34, "12.3/s")]
    [InlineData(0.5, "30.0/min")]
    public void Rates_are_said_as_people_say_them(double rate, string words) =>
        Assert.Equal(words, StageClock.Words(rate));

    [Fact]
    public void Nothing_is_said_before_anything_is_known()
    {
        var clock = new StageClock(TimeSpan.Zero, 0, new("x", 0, 10));
        Assert.Null(clock.Rate);
        Assert.Null(clock.Left);
    }
}
