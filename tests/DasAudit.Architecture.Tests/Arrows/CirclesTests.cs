namespace DasAudit.Architecture.Tests.Arrows;

public sealed class CirclesTests
{
    [Fact]
    public void Names_that_reach_each_other_are_a_circle()
    {
        (string, string)[] first = [("a", "b"), ("b", "c"), ("c", "a")];
        (string, string)[] second = [("d", "e"), ("e", "d"), ("e", "f")];

        var circles = Circles.Find([.. first, ("c", "d"), .. second]);

        Assert.Equal(
            [
                ["a", "b", "c"],
                ["d", "e"],
            ],
            circles
        );
    }

    [Fact]
    public void Names_in_order_are_none() =>
        Assert.Empty(Circles.Find([("a", "b"), ("a", "c"), ("b", "c"), ("c", "c")]));
}
