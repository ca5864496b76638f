using DasAudit.Core.Diffusion;
using DasAudit.Core.Evaluation.Ensembles;

namespace DasAudit.Core.Tests.Evaluation.Ensembles;

public class EnsembleQueryEffectsTests
{
    private const int Members = 16;
    private const int Pictures = 12;

    [Fact]
    public void Without_any_effect_few_queries_are_attributable()
    {
        var queries = Enumerable.Range(0, 200).Select(seed => Effects(seed, strength: 0)).ToList();

        // Binomial with p = 0.05: outside of this about once in a thousand.
        Assert.InRange(queries.Count(query => query.IsAttributable), 2, 22);
        Assert.InRange(queries.Average(query => query.PValue), 0.43, 0.57);
    }

    [Fact]
    public void A_picture_that_matters_stands_out()
    {
        var queries = Enumerable.Range(0, 20).Select(seed => Effects(seed, strength: 3)).ToList();

        Assert.All(queries, query => Assert.True(query.IsAttributable));
        Assert.All(queries, query => Assert.Equal(4, query.StandOut[0]));
        Assert.All(queries, query => Assert.True(query.Effects[4].Unbiased > query.Effects[0].Unbiased));
    }

    // Picture 4 moves all outputs of the members that saw it.
    private static EnsembleQueryEffects Effects(int seed, double strength)
    {
        var random = new Random(seed);
        List<bool[]> saw = [.. Enumerable.Range(0, Pictures).Select(_ => Halves(random))];
        double[][] residuals =
        [
            .. Enumerable
                .Range(0, Members)
                .Select(m =>
                    Enumerable.Range(0, 5).Select(_ => random.NextDouble() + (saw[4][m] ? strength : 0)).ToArray()
                ),
        ];
        var gram = new double[Members, Members];
        for (var m = 0; m < Members; m++)
        for (var n = 0; n < Members; n++)
            gram[m, n] = residuals[m].Zip(residuals[n], (a, b) => a * b).Average();
        return new(gram, saw, new NoiseSource(seed));
    }

    private static bool[] Halves(Random random)
    {
        bool[] saw = [.. Enumerable.Range(0, Members).Select(m => m < Members / 2)];
        random.Shuffle(saw);
        return saw;
    }
}
