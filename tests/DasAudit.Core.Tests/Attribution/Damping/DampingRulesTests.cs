using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Damping;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Attribution.Damping;

public class DampingRulesTests
{
    [Theory]
    [InlineData("df:0.1")]
    [InlineData("trace:0.1")]
    [InlineData("trace:25")]
    [InlineData("fixed:500")]
    [InlineData("fixed:1E-05")]
    [InlineData("fixed:0")]
    [InlineData("recall")]
    [InlineData("gcv")]
    [InlineData("band")]
    [InlineData("band:0.1-0.3")]
    public void A_rule_is_written_as_it_is_read(string text) => Assert.Equal(text, DampingRules.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("df")]
    [InlineData("df:1")]
    [InlineData("trace:0")]
    [InlineData("trace:-1")]
    [InlineData("fixed:-1")]
    [InlineData("fixed:1e999")]
    [InlineData("fixed:NaN")]
    [InlineData("recall:1")]
    [InlineData("band:0.5-0.1")]
    [InlineData("band:0-0.5")]
    [InlineData("band:0.5-1")]
    [InlineData("band:0.5")]
    [InlineData("band:")]
    [InlineData("Recall")]
    public void Anything_else_is_refused_with_all_that_can_be_written(string text)
    {
        var message = Assert.Throws<AuditException>(() => DampingRules.Parse(text)).Message;
        Assert.StartsWith($"'{text}' is no damping rule", message);
        foreach (var rule in new[] { "df:C", "trace:C", "fixed:λ", "recall", "gcv", "band:LOW-HIGH" })
            Assert.Contains(rule, message);
    }

    [Theory]
    [InlineData(7, 4, 4)]
    [InlineData(4, 7, 4)]
    [InlineData(6, 9, 3)]
    public void Trace_is_a_multiple_of_the_mean_eigenvalue_with_zeros_counted(int n, int k, int rank)
    {
        var phi = RandomMatrix.OfRank(n, k, rank, 3);
        using var kernel = phi.Factorise();
        var mean = phi.Enumerate().Sum(value => value * value) / Math.Min(n, k);
        Assert.Equal(0.25 * mean, DampingRules.Parse("trace:0.25").Choose(new(kernel)).Single(), mean * 1e-12);
    }

    [Fact]
    public void Fixed_is_what_was_written()
    {
        using var kernel = RandomMatrix.Normal(3, 4, 3).Factorise();
        Assert.Equal([12.5], DampingRules.Parse("fixed:12.5").Choose(new(kernel)));
    }

    [Fact]
    public void A_band_has_even_steps_between_its_degrees_of_freedom()
    {
        using var kernel = RandomMatrix.Normal(30, 12, 3).Factorise();
        var dampings = DampingRules.Parse("band:0.1-0.4").Choose(new(kernel));
        Assert.Equal(9, dampings.Count);
        Assert.Equal(0.4 * 12, kernel.EffectiveDegreesOfFreedom(dampings[0]), 1e-9);
        Assert.Equal(0.1 * 12, kernel.EffectiveDegreesOfFreedom(dampings[^1]), 1e-9);
        for (var i = 2; i < 9; i++)
            Assert.Equal(dampings[1] / dampings[0], dampings[i] / dampings[i - 1], 1e-9);
    }

    [Theory]
    [InlineData("df:0.1")]
    [InlineData("trace:0.1")]
    [InlineData("recall")]
    [InlineData("band")]
    [InlineData("gcv")]
    public void One_picture_and_constant_features_are_damped_too(string rule)
    {
        foreach (
            var phi in new[]
            {
                RandomMatrix.Normal(1, 6, 3),
                RandomMatrix.OfRank(5, 6, 1, 3).MapIndexed((_, j, _) => j + 1.0),
                RandomMatrix.Normal(5, 6, 3) * 1e-20,
            }
        )
        {
            using var scope = NewDisposeScope();
            using var kernel = phi.Factorise();
            var problem = new DampingProblem(kernel, phi.Tensor())
            {
                Responses = (phi * RandomMatrix.Normal(6, 1, 4)).Tensor(),
            };
            Assert.All(
                DampingRules.Parse(rule).Choose(problem),
                damping => Assert.True(damping > 0 && double.IsFinite(damping))
            );
        }
    }
}
