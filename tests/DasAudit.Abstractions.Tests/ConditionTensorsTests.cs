using static TorchSharp.torch;

namespace DasAudit.Abstractions.Tests;

public class ConditionTensorsTests
{
    [Fact]
    public void They_are_found_by_name_and_change_together()
    {
        using var scope = NewDisposeScope();
        using var conditions = new ConditionTensors(("text", ones(3, 2)), ("ids", zeros(3, 5)));

        Assert.Equal(3, conditions.Rows);
        Assert.Equal(["ids", "text"], conditions.Names);
        using var row = conditions.Select(tensor => tensor.narrow(0, 1, 1));
        Assert.Equal(1, row.Rows);
        Assert.Equal([1L, 5], row["ids"].shape);
        Assert.Throws<KeyNotFoundException>(() => conditions["other"]);
    }

    [Fact]
    public void They_must_agree_on_the_number_of_samples()
    {
        using var scope = NewDisposeScope();

        Assert.Throws<ArgumentException>(() => new ConditionTensors(("text", ones(3, 2)), ("ids", zeros(2, 5))));
        Assert.Throws<ArgumentException>(() => new ConditionTensors());
    }
}
