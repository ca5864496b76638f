using DasAudit.Cli.Output;

namespace DasAudit.Cli.Tests.Output;

public class NaturalOrderTests
{
    [Fact]
    public void Numbers_within_names_count_as_numbers() =>
        Assert.Equal(
            ["seed-0.png", "seed-1.png", "seed-2.png", "seed-10.png", "seed-100.png"],
            Ordered("seed-10.png", "seed-100.png", "seed-2.png", "seed-0.png", "seed-1.png")
        );

    [Fact]
    public void Names_without_numbers_come_in_ordinal_order() => Assert.Equal(["B", "a", "b"], Ordered("b", "a", "B"));

    [Fact]
    public void Every_number_of_a_name_counts() =>
        Assert.Equal(["run2/9.png", "run2/11.png", "run10/1.png"], Ordered("run10/1.png", "run2/11.png", "run2/9.png"));

    [Fact]
    public void The_same_number_written_differently_has_a_fixed_order()
    {
        string[] expected = ["007", "07", "7"];
        Assert.Equal(expected, Ordered("7", "07", "007"));
        Assert.Equal(expected, Ordered("07", "007", "7"));
    }

    private static IEnumerable<string> Ordered(params string[] names) => names.OrderNaturally(name => name);
}
