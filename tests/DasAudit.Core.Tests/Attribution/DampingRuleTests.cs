using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Attribution;

public class DampingRuleTests
{
    [Theory]
    [InlineData("df:0.1")]
    [InlineData("df:0.35")]
    public void The_damping_has_the_asked_degrees_of_freedom(string rule)
    {
        using var kernel = Kernel([9, 4, 1, 0.25, 1e-3]);
        var parsed = DampingRule.Parse(rule);
        Assert.Equal(parsed.Fraction * 5, kernel.EffectiveDegreesOfFreedom(parsed.Solve(kernel, 4096)), 1e-9);
        Assert.Equal(rule, parsed.ToString());
    }

    [Fact]
    public void Fewer_dimensions_than_pictures_bound_the_degrees_of_freedom()
    {
        using var kernel = Kernel([3, 2, 1, 0, 0, 0]);
        var rule = new DampingRule(0.5);
        Assert.Equal(1.5, kernel.EffectiveDegreesOfFreedom(rule.Solve(kernel, 3)), 1e-9);
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("df:0")]
    [InlineData("df:1")]
    [InlineData("df:x")]
    [InlineData("")]
    public void Anything_else_is_refused(string text) => Assert.Throws<AuditException>(() => DampingRule.Parse(text));

    [Fact]
    public void Leverages_sum_to_the_degrees_of_freedom_and_equal_the_hat_matrix()
    {
        using var phi = rand(5, 3, dtype: float64);
        using var gram = phi.matmul(phi.t());
        using var kernel = DualKernel.Factorise(gram);
        var leverages = kernel.Leverages(0.3);
        Assert.Equal(kernel.EffectiveDegreesOfFreedom(0.3), leverages.Sum(), 1e-10);
        using var hat = phi.matmul(linalg.inv(phi.t().matmul(phi) + 0.3 * eye(3, dtype: float64))).matmul(phi.t());
        for (var i = 0; i < 5; i++) Assert.Equal(hat[i, i].item<double>(), leverages[i], 1e-10);
    }

    private static DualKernel Kernel(double[] eigenvalues)
    {
        using var gram = diag(tensor(eigenvalues));
        return DualKernel.Factorise(gram);
    }
}
