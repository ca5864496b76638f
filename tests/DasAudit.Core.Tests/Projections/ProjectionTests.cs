using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Tests.Projections;

/// <summary>What holds for every random projection.</summary>
public class ProjectionTests
{
    public static TheoryData<string, int> KindsAndLengths =>
        new MatrixTheoryData<string, int>(
            [
                "sjlt:2",
                "sjlt:67",
                "sjlt:1000",
                "rademacher:2",
                "rademacher:67",
                "rademacher:130",
                "gaussian:2",
                "gaussian:67",
                "gaussian:130",
            ],
            [1, 5, 63, 64, 65, 200, 1100]
        );

    public static TheoryData<string, double> KindsAndVariances =>
        new()
        {
            // In units of ‖g‖⁴/k: 2(1 − ‖g‖₄⁴/‖g‖⁴) of signs, of which a quarter is missing here, 2 of normal entries.
            { "sjlt:16", 2 * (1 - FourthPower) },
            { "rademacher:16", 2 * (1 - FourthPower) },
            { "gaussian:16", 2 },
        };

    private static readonly float[] Spiky = [10, .. Enumerable.Repeat(1f, 100)];

    private static double FourthPower => Spiky.Sum(v => Math.Pow(v, 4)) / Math.Pow(TestGradients.SquaredNorm(Spiky), 2);

    [Theory]
    [MemberData(nameof(KindsAndLengths))]
    public void It_multiplies_by_the_matrix_whose_rows_are_the_projected_unit_vectors(string text, int length)
    {
        var projection = ProjectionOptions.Parse(text).Create(3, length);
        var matrix = projection.Project([.. Enumerable.Range(0, length).Select(j => Unit(j, length))]);
        var gradient = TestGradients.Of(length);
        var feature = projection.Project([gradient])[0];
        Assert.Equal(projection.Dimension, feature.Length);
        for (var c = 0; c < feature.Length; c++)
        {
            var terms = Enumerable.Range(0, length).Select(j => (double)gradient[j] * matrix[j][c]).ToArray();
            Assert.Equal(terms.Sum(), feature[c], 1e-7 + 1e-6 * terms.Sum(Math.Abs));
        }

        Assert.DoesNotContain(matrix, row => row.All(value => value == 0));
    }

    [Theory]
    [MemberData(nameof(KindsAndLengths))]
    public void Other_gradients_of_the_call_change_no_bit(string text, int length)
    {
        var projection = ProjectionOptions.Parse(text).Create(3, length);
        var gradients = TestGradients.Rows(19, length);
        var alone = gradients.Select(gradient => Bits(projection.Project([gradient])[0])).ToArray();
        foreach (var count in new[] { 2, 3, 4, 5, 7, 8, 9, 10, 11, 19 })
        {
            var together = projection.Project(gradients[..count]);
            Assert.Equal(count, together.Length);
            for (var row = 0; row < count; row++)
                Assert.Equal(alone[row], Bits(together[row]));
        }

        Assert.Equal(alone.Length, alone.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(KindsAndVariances))]
    public void Squared_norms_are_kept_in_expectation_with_the_known_variance(string text, double variance)
    {
        var options = ProjectionOptions.Parse(text);
        var squares = Enumerable
            .Range(0, 6000)
            .Select(seed =>
                TestGradients.SquaredNorm(options.Create(seed, Spiky.Length).Project([Spiky])[0])
                / TestGradients.SquaredNorm(Spiky)
            )
            .ToArray();
        var (mean, expected) = (squares.Average(), variance / options.Dimension);
        Assert.Equal(1, mean, 4 * Math.Sqrt(expected / squares.Length));
        Assert.Equal(1, squares.Sum(s => (s - mean) * (s - mean)) / (squares.Length - 1) / expected, 0.1);
    }

    [Theory]
    [InlineData("sjlt:16")]
    [InlineData("rademacher:16")]
    [InlineData("gaussian:16")]
    public void Inner_products_are_kept_without_bias(string text)
    {
        var options = ProjectionOptions.Parse(text);
        var (x, y) = (TestGradients.Of(700, 1), TestGradients.Of(700, 2));
        for (var j = 0; j < y.Length; j++)
            y[j] += x[j];
        var estimates = Enumerable
            .Range(0, 1000)
            .Select(seed => options.Create(seed, x.Length).Project([x, y]))
            .Select(f => Dot(f[0], f[1]))
            .ToArray();
        var exact = Dot(x, y);

        // The variance of one is at most (‖x‖²‖y‖² + ⟨x,y⟩²)/k.
        var deviation = Math.Sqrt((Dot(x, x) * Dot(y, y) + exact * exact) / options.Dimension / estimates.Length);
        Assert.Equal(exact, estimates.Average(), 3.5 * deviation);
        Assert.True(exact > 20 * deviation);
    }

    [Theory]
    [InlineData("sjlt:100", "4640e29b782c4a763824aed69cd16bd9")]
    [InlineData("rademacher:100", "83653dc689a45b583f03c4e3a7290b1d")]
    [InlineData("gaussian:100", "5ce2191c819e225b40d5838ecc16a711")]
    public void The_same_seed_gives_the_same_bits_on_every_machine(string text, string expected)
    {
        // Fixed values: a change here makes every stored feature worthless.
        var features = ProjectionOptions.Parse(text).Create(42, 1500).Project(TestGradients.Rows(9, 1500));
        Assert.Equal(expected, Bits([.. features.SelectMany(feature => feature)])[..32]);
    }

    [Theory]
    [InlineData("sjlt:100")]
    [InlineData("rademacher:100")]
    [InlineData("gaussian:100")]
    public void Other_seeds_give_other_matrices(string text)
    {
        var features = Enumerable
            .Range(0, 50)
            .Select(seed => Bits(ProjectionOptions.Parse(text).Create(seed, 300).Project([TestGradients.Of(300)])[0]));
        Assert.Equal(50, features.Distinct().Count());
    }

    [Theory]
    [InlineData("sjlt:100")]
    [InlineData("rademacher:100")]
    [InlineData("gaussian:100")]
    [InlineData("none")]
    public void Zeros_stay_zeros_and_nothing_stays_nothing(string text)
    {
        var projection = ProjectionOptions.Parse(text).Create(1, 70);
        foreach (var count in new[] { 0, 1, 2, 8 })
        {
            var features = projection.Project([.. Enumerable.Repeat(new float[70], count)]);
            Assert.Equal(count, features.Length);
            Assert.All(features, feature => Assert.Equal(new float[projection.Dimension], feature));
        }
    }

    [Fact]
    public void No_projection_keeps_gradients_in_arrays_of_their_own()
    {
        var gradients = TestGradients.Rows(3, 50);
        var features = ProjectionOptions.Parse("none").Create(0, 50).Project(gradients);
        Assert.Equal(gradients, features);
        Assert.NotSame(gradients[0], features[0]);
    }

    [Theory]
    [InlineData("sjlt:100")]
    [InlineData("rademacher:100")]
    [InlineData("gaussian:100")]
    public void Gradients_of_different_length_are_a_bug(string text) =>
        Assert.Throws<ArgumentException>(() =>
            ProjectionOptions.Parse(text).Create(0, 9).Project([new float[9], new float[8], new float[9]])
        );

    private static float[] Unit(int j, int length)
    {
        var unit = new float[length];
        unit[j] = 1;
        return unit;
    }

    private static string Bits(float[] values) =>
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan())));

    private static double Dot(float[] x, float[] y) => x.Zip(y, (a, b) => (double)a * b).Sum();
}
