using DasAudit.Cli.Progress;

namespace DasAudit.Cli.Tests.Progress;

public class StageClockTests
{
    [Fact]
    public void Nothing_is_said_before_anything_is_known()
    {
        var clock = new StageClock(TimeSpan.Zero, 0, new("x", 0, 10));
        Assert.Null(clock.Rate);
        Assert.Null(clock.Left);
    }
}
