using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Sets;
using TorchSharp;

namespace DasAudit.Core.Tests.Attribution.Sets;

/// <summary>Ridge regressions of random numbers, and what the code under test says of leaving out parts.</summary>
internal static class Refits
{
    internal static RidgeFit Random(int n, int k, double damping, int seed = 0) =>
        new(
            [.. Enumerable.Range(0, n).Select(i => Draws.Normal(seed + 100 + i, k))],
            Draws.Normal(seed + 1, n),
            Draws.Normal(seed + 2, k),
            damping
        );

    internal static RefitInfluence Change(params RidgeFit[] fits) => new([.. fits.Select(Kernel)], SetEffect.Change);

    internal static RefitInfluence Squared(params RidgeFit[] fits) =>
        new([.. fits.Select(Kernel)], SetEffect.SquaredChange);

    private static LinearInfluence Kernel(RidgeFit fit)
    {
        var n = fit.Targets.Length;
        var k = fit.Query.Length;
        using var scope = torch.NewDisposeScope();
        var features = torch.tensor(fit.Features.SelectMany(row => row).ToArray(), [n, k]);
        using var kernel = RidgeKernel.Factorise(features);
        using var query = kernel.Project(torch.tensor(fit.Query, [1, k]));
        return LinearInfluence.Of(kernel, query, kernel.Members(n), fit.Damping, torch.tensor(fit.Residuals()));
    }
}
