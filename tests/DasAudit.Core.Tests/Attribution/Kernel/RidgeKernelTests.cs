using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Kernel;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Attribution.Kernel;

/// <summary>Dual and primal, of full and lower rank, against K_λ formed and inverted.</summary>
public class RidgeKernelTests
{
    private const double Damping = 0.3;

    public static TheoryData<int, int, int> Shapes =>
        new()
        {
            { 5, 3, 3 },
            { 3, 5, 3 },
            { 4, 4, 4 },
            { 8, 20, 5 },
            { 20, 8, 5 },
            { 1, 6, 1 },
            { 6, 1, 1 },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Products_leverages_and_degrees_of_freedom_are_those_of_the_inverse(int n, int k, int rank)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var phi = randn([n, rank], dtype: float64, generator: generator)
            .matmul(randn([rank, k], dtype: float64, generator: generator));
        var a = randn([2, k], dtype: float64, generator: generator);
        var b = randn([3, k], dtype: float64, generator: generator);
        var inverse = linalg.inv(phi.t().matmul(phi) + Damping * eye(k, dtype: float64));
        using var kernel = RidgeKernel.Factorise(phi);
        using var left = kernel.Project(a);
        using var right = kernel.Project(b);
        using var members = kernel.Project(phi);

        Assert.Equal(rank, kernel.Eigenvalues.Count);
        Close(a.matmul(inverse).matmul(phi.t()), kernel.WithMembers(left, Damping));
        Close(a.matmul(inverse).matmul(phi.t()), kernel.Between(left, members, Damping));
        Close(a.matmul(inverse).matmul(b.t()), kernel.Between(left, right, Damping));
        var hat = phi.matmul(inverse).matmul(phi.t()).diagonal();
        Close(hat, tensor(kernel.Leverages(Damping)));
        Assert.Equal(hat.sum().item<double>(), kernel.EffectiveDegreesOfFreedom(Damping), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_kernel_known_by_its_values_gives_what_its_features_give(int n, int k, int rank)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var phi = randn([n, rank], dtype: float64, generator: generator)
            .matmul(randn([rank, k], dtype: float64, generator: generator));
        var a = randn([2, k], dtype: float64, generator: generator);
        var b = randn([3, k], dtype: float64, generator: generator);
        using var features = RidgeKernel.Factorise(phi);
        using var values = RidgeKernel.OfGram(phi.matmul(phi.t()));
        using var expectedLeft = features.Project(a);
        using var expectedRight = features.Project(b);
        using var left = values.Project(a.matmul(phi.t()));
        using var right = values.Project(b.matmul(phi.t()));

        Assert.Equal(rank, values.Eigenvalues.Count);
        Close(tensor(features.Eigenvalues.ToArray()), tensor(values.Eigenvalues.ToArray()));
        Close(tensor(features.Leverages(Damping)), tensor(values.Leverages(Damping)));
        Close(features.WithMembers(expectedLeft, Damping), values.WithMembers(left, Damping));
        Close(
            features.Between(expectedLeft, expectedRight, Damping),
            values.Between(left, right, a.matmul(b.t()), Damping)
        );
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Without_damping_the_pseudoinverse_stands_for_the_inverse(int n, int k, int rank)
    {
        using var scope = NewDisposeScope();
        var phi = RandomMatrix.OfRank(n, k, rank, 4);
        var a = RandomMatrix.Normal(2, k, 8);
        var b = RandomMatrix.Normal(3, k, 9);
        var inverse = phi.Inverse(0);
        using var kernel = phi.Factorise();
        using var left = kernel.Project(a.Tensor());
        using var right = kernel.Project(b.Tensor());

        RandomMatrix.Close(a * inverse * phi.Transpose(), kernel.WithMembers(left, 0).Matrix(), 1e-7);
        RandomMatrix.Close(a * inverse * b.Transpose(), kernel.Between(left, right, 0).Matrix(), 1e-7);
        RandomMatrix.Close(a * inverse, kernel.Solve(left, 0).Matrix(), 1e-7);
        Assert.Equal(rank, kernel.EffectiveDegreesOfFreedom(0), 1e-12);
        Assert.Equal(
            (phi * inverse * phi.Transpose()).Diagonal(),
            MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(kernel.Leverages(0)),
            (x, y) => Math.Abs(x - y) < 1e-7
        );
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Solving_is_multiplying_with_the_inverse(int n, int k, int rank)
    {
        using var scope = NewDisposeScope();
        var phi = RandomMatrix.OfRank(n, k, rank, 4);
        var a = RandomMatrix.Normal(2, k, 8);
        using var kernel = phi.Factorise();
        using var rows = kernel.Project(a.Tensor());
        RandomMatrix.Close(a * phi.Inverse(Damping), kernel.Solve(rows, Damping).Matrix());
    }

    [Theory]
    [InlineData(7, 5)]
    [InlineData(5, 7)]
    public void Several_dampings_at_once_are_each_alone(int n, int k)
    {
        using var scope = NewDisposeScope();
        using var kernel = RandomMatrix.Normal(n, k, 4).Factorise();
        using var rows = kernel.Project(RandomMatrix.Normal(2, k, 8).Tensor());
        double[] dampings = [0, 0.1, 3, 1e6];
        var scores = kernel.WithMembers(rows, dampings);
        var leverages = kernel.Leverages(dampings);
        for (var l = 0; l < 4; l++)
        {
            RandomMatrix.Close(kernel.WithMembers(rows, dampings[l]).Matrix(), scores[l].Matrix());
            for (var i = 0; i < n; i++)
                Assert.Equal(kernel.Leverages(dampings[l])[i], leverages[l][i], 1e-12);
        }
    }

    [Theory]
    [InlineData(5, 8)]
    [InlineData(8, 5)]
    public void Duplicated_items_share_what_one_of_them_would_have_and_constant_features_are_all_alike(int n, int k)
    {
        using var scope = NewDisposeScope();
        var phi = RandomMatrix.Normal(n, k, 4);
        phi.SetRow(3, phi.Row(1));
        var a = RandomMatrix.Normal(1, k, 8);
        foreach (var features in new[] { phi, phi.MapIndexed((_, j, _) => phi[0, j]) })
        {
            using var kernel = features.Factorise();
            using var rows = kernel.Project(a.Tensor());
            var scores = kernel.WithMembers(rows, Damping).Matrix();
            RandomMatrix.Close(a * features.Inverse(Damping) * features.Transpose(), scores);
            Assert.Equal(scores[0, 1], scores[0, 3], 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Left_coordinates_are_those_of_the_singular_vectors(int n, int k, int rank)
    {
        using var scope = NewDisposeScope();
        var phi = RandomMatrix.OfRank(n, k, rank, 4);
        var y = RandomMatrix.Normal(n, 2, 8);
        using var kernel = phi.Factorise();
        var actual = kernel.LeftCoordinates(y.Tensor()).Matrix();

        // Up to the signs of singular vectors: squares, and products between columns.
        var svd = phi.Svd();
        var expected = svd.U.SubMatrix(0, n, 0, rank).TransposeThisAndMultiply(y);
        RandomMatrix.Close(expected.PointwisePower(2), actual.PointwisePower(2), 1e-7);
        RandomMatrix.Close(expected.TransposeThisAndMultiply(expected), actual.TransposeThisAndMultiply(actual), 1e-7);
    }

    [Fact]
    public void Features_without_content_are_refused()
    {
        Assert.Contains(
            "zero",
            Assert.Throws<AuditException>(() => RidgeKernel.Factorise(zeros(3, 4, dtype: float64))).Message
        );
        Assert.Contains(
            "no gradient features",
            Assert.Throws<AuditException>(() => RidgeKernel.Factorise(zeros(0, 4, dtype: float64))).Message
        );
        Assert.Contains(
            "not finite",
            Assert.Throws<AuditException>(() => RidgeKernel.Factorise(full([3, 4], double.NaN))).Message
        );
        Assert.Contains(
            "zero",
            Assert.Throws<AuditException>(() => RidgeKernel.OfGram(zeros(3, 3, dtype: float64))).Message
        );
        Assert.Contains(
            "not finite",
            Assert.Throws<AuditException>(() => RidgeKernel.OfGram(full([3, 3], double.NaN))).Message
        );
    }

    private static void Close(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(
            (expected - actual).abs().max().item<double>() < 1e-9 * Math.Max(1, expected.abs().max().item<double>())
        );
    }
}
