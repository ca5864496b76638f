using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Tests.Diffusion;

public class BatchPlanTests
{
    [Theory]
    [InlineData(10, 4, 32, new[] { 20, 20 })]
    [InlineData(10, 1, 32, new[] { 10 })]
    [InlineData(10, 3, 4, new[] { 3, 3, 4, 3, 3, 4, 3, 3, 4 })]
    [InlineData(100, 1, 32, new[] { 25, 25, 25, 25 })]
    [InlineData(2, 5, 1, new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(1, 7, 3, new[] { 2, 2, 3 })]
    public void Batches_are_even_and_cover_every_row_once(int timesteps, int replicates, int rows, int[] sizes)
    {
        var plan = BatchPlan.Cut(timesteps, replicates, rows).ToList();
        Assert.Equal(sizes, plan.Select(batch => batch.Replicates * batch.Timesteps));
        var covered = plan.SelectMany(batch =>
            Enumerable
                .Range(batch.Replicate, batch.Replicates)
                .SelectMany(r => Enumerable.Range(batch.Timestep, batch.Timesteps).Select(t => (r, t)))
        );
        Assert.Equal(
            Enumerable.Range(0, replicates).SelectMany(r => Enumerable.Range(0, timesteps).Select(t => (r, t))),
            covered
        );
    }
}
