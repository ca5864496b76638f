using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Kernel;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Attribution.Kernel;

/// <summary>Dual and primal, of full and lower rank, against K_λ formed and inverted.</summary>
public class RidgeKernelTests
{
    private const double Damping = 0.3;

    public static TheoryData<int, int, int> Shapes => new() { { 5, 3, 3 }, { 3, 5, 3 }, { 4, 4, 4 }, { 8, 20, 5 }, { 20, 8, 5 }, { 1, 6, 1 }, { 6, 1, 1 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Products_leverages_and_degrees_of_freedom_are_those_of_the_inverse(int n, int k, int rank)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var phi = randn([n, rank], dtype: float64, generator: generator).matmul(randn([rank, k], dtype: float64, generator: generator));
        var (a, b) = (randn([2, k], dtype: float64, generator: generator), randn([3, k], dtype: float64, generator: generator));
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
        var phi = randn([n, rank], dtype: float64, generator: generator).matmul(randn([rank, k], dtype: float64, generator: generator));
        var (a, b) = (randn([2, k], dtype: float64, generator: generator), randn([3, k], dtype: float64, generator: generator));
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
        Close(features.Between(expectedLeft, expectedRight, Damping), values.Between(left, right, a.matmul(b.t()), Damping));
    }

    [Fact]
    public void Without_damping_members_are_reached_by_the_pseudoinverse()
    {
        using var scope = NewDisposeScope();
        var phi = tensor(new double[] { 1, 2, 3, 2, 4, 6, 0, 1, 0 }, [3, 3]);
        using var kernel = RidgeKernel.Factorise(phi);
        using var rows = kernel.Project(phi);
        Close(phi.matmul(linalg.pinv(phi.t().matmul(phi))).matmul(phi.t()), kernel.WithMembers(rows, 0));
    }

    [Fact]
    public void Features_without_content_are_refused()
    {
        Assert.Contains("zero", Assert.Throws<AuditException>(() => RidgeKernel.Factorise(zeros(3, 4, dtype: float64))).Message);
        Assert.Contains("not finite", Assert.Throws<AuditException>(() => RidgeKernel.Factorise(full([3, 4], double.NaN))).Message);
        Assert.Contains("zero", Assert.Throws<AuditException>(() => RidgeKernel.OfGram(zeros(3, 3, dtype: float64))).Message);
        Assert.Contains("not finite", Assert.Throws<AuditException>(() => RidgeKernel.OfGram(full([3, 3], double.NaN))).Message);
    }

    private static void Close(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True((expected - actual).abs().max().item<double>() < 1e-9 * Math.Max(1, expected.abs().max().item<double>()));
    }
}
