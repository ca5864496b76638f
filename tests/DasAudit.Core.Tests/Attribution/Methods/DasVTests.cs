using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;

namespace DasAudit.Core.Tests.Attribution.Methods;

public class DasVTests
{
    /// <summary>
    /// Pictures whose true gradient is zero score zero on average over many noise draws, though every draw's square is
    /// positive: only products of independent draws tell.
    /// </summary>
    [Fact]
    public void Noise_of_the_gradients_does_not_inflate_scores()
    {
        const int Replicates = 400;
        var method = new DasVMethod();
        var inputs = new Case
        {
            Members = 5,
            Dimension = 8,
            Replicates = Replicates,
        }.For(method);
        var scores = method.Score(inputs, new(), CancellationToken.None).Queries[0];
        Assert.Equal(Replicates / 2, scores.ByReplicate.Count);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(Math.Abs(scores.Mean[i]) < 4 * scores.StandardError(i)!.Value);
            Assert.True(
                scores.Inner!.Average(own => own.Average(s => s[i] * s[i])) > 20 * scores.StandardError(i)!.Value
            );
        }
    }

    [Fact]
    public void Kernel_and_query_have_probes_of_their_own()
    {
        var need = Assert.Single(new DasVMethod(2, 3).Needs.Features);
        Assert.Equal(
            ["loss/unit/averaged", "picture-probe:0/raw/apart", "picture-probe:1/raw/apart"],
            need.Kinds.Select(kind => kind.ToString())
        );
        Assert.Equal(
            ["loss/unit/averaged", "random-probe:0/raw/apart", "random-probe:1/raw/apart", "random-probe:2/raw/apart"],
            need.QueryKinds!.Select(kind => kind.ToString())
        );
    }

    [Fact]
    public void The_direction_is_that_of_the_influence_on_the_loss()
    {
        FeatureKind loss = new("loss"),
            probe = new("picture-probe:0", false, true),
            query = new("random-probe:0", false, true);
        PictureFeatures Of(double[] gradient) =>
            Single.Picture(
                null,
                (loss, [gradient]),
                (
                    probe,
                    [
                        [1, 0.5],
                    ]
                ),
                (
                    query,
                    [
                        [0.5, 1],
                    ]
                )
            );
        var scores = Single.Score(new DasVMethod(1, 1), Of([1, 2]), [Of([2, 4]), Of([-1, -2])], new());
        Assert.Equal([1, -1], scores.Queries[0].Directions!);
    }

    [Fact]
    public void Sets_take_products_of_the_two_draws_too()
    {
        var method = new DasVMethod();
        var scores = method.Score(new Case { Replicates = 4 }.For(method), new(), CancellationToken.None).Queries[0];
        int[] set = [0, 2, 5];
        var expected = scores
            .Inner!.Zip(
                scores.Partners!,
                (own, other) => own.Zip(other, (s, t) => set.Sum(i => s[i]) * set.Sum(i => t[i])).Average()
            )
            .ToArray();
        Assert.Equal(expected, SetInfluence.ByReplicate(scores, set));
        Assert.Equal(expected.Average(), SetInfluence.Unbiased(scores, set)!.Value, 1e-12);
        Assert.Equal(scores.Mean[3], SetInfluence.Of(scores, [3]).Influence, 1e-12);

        var vectors = new PictureVectors(scores, 6);
        var sum = new double[vectors.Width];
        foreach (var i in set)
        {
            var before = vectors.Influence(sum);
            var increment = vectors.Increment(sum, i);
            for (var b = 0; b < sum.Length; b++)
                sum[b] += vectors[i][b];
            Assert.Equal(before + increment, vectors.Influence(sum), 1e-10);
        }

        Assert.Equal(expected.Average(), vectors.Influence(sum), 1e-10);
    }
}
