using DasAudit.Core.Curvature;

namespace DasAudit.Core.Tests.Curvature;

public class OrderedSumsTests
{
    [Theory]
    [InlineData(1, 4, 1)]
    [InlineData(16, 4, 16)]
    [InlineData(17, 4, 17)]
    [InlineData(32, 2, 32)]
    // The first group alone, then two and a rest on two workers.
    [InlineData(52, 2, 36)]
    [InlineData(48, 1, 48)]
    [InlineData(330, 2, 176)]
    public void Groups_are_summed_by_one_worker_each_and_the_first_alone(int pictures, int workers, int longest) =>
        Assert.Equal(longest, OrderedSums.Longest(pictures, workers));
}
