using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Attribution.Damping;

public class DegreesOfFreedomTests
{
    [Theory]
    [InlineData("df:0.1", 0.1)]
    [InlineData("df:0.35", 0.35)]
    public void The_damping_has_the_asked_degrees_of_freedom(string text, double fraction)
    {
        using var kernel = Kernel([9, 4, 1, 0.25, 1e-3]);
        var rule = DampingRules.Parse(text);
        Assert.Equal(fraction * 5, kernel.EffectiveDegreesOfFreedom(rule.Choose(new(kernel)).Single()), 1e-9);
        Assert.Equal(text, rule.ToString());
    }

    [Fact]
    public void The_rank_of_the_features_bounds_the_degrees_of_freedom()
    {
        using var kernel = Kernel([3, 2, 1, 0, 0, 0]);
        Assert.Equal(1.5, kernel.EffectiveDegreesOfFreedom(DegreesOfFreedom.Solve(kernel, 0.5)), 1e-9);
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("df:0")]
    [InlineData("df:1")]
    [InlineData("df:x")]
    [InlineData("")]
    public void Anything_else_is_refused(string text) => Assert.Throws<AuditException>(() => DampingRules.Parse(text));

    // Features whose Gram matrix has these eigenvalues.
    private static RidgeKernel Kernel(double[] eigenvalues)
    {
        using var features = diag(tensor(eigenvalues).sqrt());
        return RidgeKernel.Factorise(features);
    }
}
