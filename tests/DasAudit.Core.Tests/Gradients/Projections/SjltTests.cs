using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;

namespace DasAudit.Core.Tests.Gradients;

public class SjltTests
{
    [Fact]
    public void Inner_products_are_kept_without_bias()
    {
        var (x, y) = (Random(1, 3000), Random(2, 3000));
        for (var i = 0; i < y.Length; i++) y[i] += x[i];
        var estimates = Enumerable.Range(0, 200).Select(seed => Dot(Project(seed, 512, x), Project(seed, 512, y))).ToArray();
        var exact = Dot(x, y);
        // One sketch has a standard deviation of about √((‖x‖²‖y‖² + ⟨x,y⟩²)/k), 200 sketches a fourteenth of it.
        var deviation = Math.Sqrt((Dot(x, x) * Dot(y, y) + exact * exact) / 512 / 200);
        Assert.Equal(exact, estimates.Average(), 4 * deviation);
    }

    [Fact]
    public void It_is_linear()
    {
        var (x, y) = (Random(1, 500), Random(2, 500));
        var sum = x.Zip(y, (a, b) => 2 * a - b).ToArray();
        var (px, py, psum) = (Project(7, 64, x), Project(7, 64, y), Project(7, 64, sum));
        for (var b = 0; b < 64; b++) Assert.Equal(2 * px[b] - py[b], psum[b], 1e-4f);
    }

    [Fact]
    public void The_same_seed_gives_the_same_matrix_on_every_machine()
    {
        // Fixed values: a change here makes every stored feature worthless.
        var buckets = Enumerable.Range(0, 6).Select(j =>
        {
            var unit = new float[6];
            unit[j] = 1;
            var feature = Project(42, 1000, unit);
            var bucket = Array.FindIndex(feature, v => v != 0);
            return (bucket, feature[bucket]);
        });
        Assert.Equal(Golden, buckets);
    }

    private static readonly (int, float)[] Golden = [(517, 1), (356, 1), (281, -1), (161, 1), (594, -1), (116, 1)];

    [Fact]
    public void Other_seeds_give_other_matrices() => Assert.NotEqual(Project(1, 256, Random(1, 300)), Project(2, 256, Random(1, 300)));

    [Theory]
    [InlineData("sjlt:4096", "sjlt:4096")]
    [InlineData("none", "none")]
    public void Projections_are_read(string text, string expected) => Assert.Equal(expected, ProjectionOptions.Parse(text).ToString());

    [Theory]
    [InlineData("sjlt")]
    [InlineData("sjlt:1")]
    [InlineData("sjlt:-5")]
    [InlineData("gauss:10")]
    public void Other_projections_are_refused(string text) => Assert.Throws<AuditException>(() => ProjectionOptions.Parse(text));

    private static float[] Project(long seed, int dimension, float[] x)
    {
        var feature = new float[dimension];
        new Sjlt(seed, dimension).Project(x, feature);
        return feature;
    }

    private static float[] Random(int seed, int length)
    {
        var values = new float[length];
        new NoiseSource(seed).Normal(new(NoisePurpose.Attribution, 0, 0), values);
        return values;
    }

    private static double Dot(float[] x, float[] y) => x.Zip(y, (a, b) => (double)a * b).Sum();
}
