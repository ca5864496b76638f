using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Attribution.Kernel;

/// <summary>
/// The kernel of streamed features against explicit inverses and against the kernel of the same numbers in memory.
/// </summary>
public class StreamedKernelTests
{
    public static TheoryData<int, int, int, bool, double> Cases =>
        new()
        {
            { 40, 9, 9, true, 0.3 },
            { 9, 40, 9, true, 0.3 },
            { 300, 270, 270, false, 2 },
            { 12, 12, 12, false, 0.3 },
            { 40, 9, 9, false, 0 },
            { 9, 40, 9, true, 0 },
            { 1, 6, 1, true, 0.3 },
            { 6, 1, 1, true, 0 },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void All_that_a_kernel_gives_is_that_of_the_explicit_inverse(
        int n,
        int k,
        int rank,
        bool half,
        double damping
    )
    {
        using var scope = NewDisposeScope();
        var blocks = MemoryBlocks.Of(RandomMatrix.Normal(n, k, 3), half, 1, 4, 7);
        var phi = blocks.Stored;
        var a = RandomMatrix.Normal(2, k, 5);
        var b = RandomMatrix.Normal(3, k, 7);
        using var kernel = RidgeKernel.Factorise(blocks, 2, TestContext.Current.CancellationToken);
        using var left = kernel.Project(a.Tensor());
        using var right = kernel.Project(b.Tensor());

        Assert.Equal((n, k, rank), (kernel.Count, kernel.Dimension, kernel.Eigenvalues.Count));
        var inverse = phi.Inverse(damping);
        RandomMatrix.Close(a * inverse * phi.Transpose(), kernel.WithMembers(left, damping).Matrix(), 3e-6);
        RandomMatrix.Close(a * inverse * b.Transpose(), kernel.Between(left, right, damping).Matrix());
        RandomMatrix.Close(a * inverse, kernel.Solve(left, damping).Matrix());
        var hat = phi * inverse * phi.Transpose();
        RandomMatrix.Close(
            hat.Diagonal().ToRowMatrix(),
            Matrix<double>.Build.DenseOfRowArrays(kernel.Leverages(damping))
        );
        Assert.Equal(hat.Trace(), kernel.EffectiveDegreesOfFreedom(damping), 1e-8 * n);
    }

    [Theory]
    [InlineData(300, 40)]
    [InlineData(40, 300)]
    public void The_number_of_workers_changes_no_bit(int n, int k)
    {
        var one = Results(1);
        var three = Results(3);
        Assert.Equal(one, three);

        double[] Results(int workers)
        {
            using var scope = NewDisposeScope();
            using var kernel = RidgeKernel.Factorise(
                MemoryBlocks.Of(RandomMatrix.Normal(n, k, 3), true, 1, 50, 7),
                workers,
                TestContext.Current.CancellationToken
            );
            using var rows = kernel.Project(RandomMatrix.Normal(3, k, 5).Tensor());
            return
            [
                .. kernel.Eigenvalues,
                .. kernel.Leverages(0.5),
                .. kernel.WithMembers(rows, 0.5).data<double>(),
                .. kernel.Solve(rows, 0.5).contiguous().data<double>(),
            ];
        }
    }

    [Theory]
    [InlineData("recall")]
    [InlineData("gcv")]
    [InlineData("df:0.2")]
    [InlineData("trace:0.1")]
    [InlineData("band")]
    public void Damping_rules_choose_as_they_do_in_memory(string rule)
    {
        using var scope = NewDisposeScope();
        var blocks = MemoryBlocks.Of(RandomMatrix.Normal(60, 20, 3), half: false, 1, 4, 7);
        var again = (blocks.Stored + 0.5 * RandomMatrix.Normal(60, 20, 11)).Tensor();
        var targets = (blocks.Stored * RandomMatrix.Normal(20, 1, 13) + 3 * RandomMatrix.Normal(60, 1, 17)).Tensor();
        using var streamed = RidgeKernel.Factorise(blocks, 2, TestContext.Current.CancellationToken);
        using var memory = blocks.Stored.Factorise();

        var expected = DampingRules.Parse(rule).Choose(new(memory, again) { Responses = targets });
        var actual = DampingRules.Parse(rule).Choose(new(streamed, again) { Responses = targets });

        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
            Assert.Equal(1, actual[i] / expected[i], 1e-6);
    }

    [Fact]
    public void Bad_features_are_refused()
    {
        var bad = Matrix<double>.Build.Dense(5, 3, 1);
        bad[4, 1] = double.PositiveInfinity;
        Assert.Contains("not finite", Message(bad));
        Assert.Contains("zero", Message(bad.Map(_ => 0.0)));

        static string Message(Matrix<double> features) =>
            Assert
                .Throws<AuditException>(() =>
                    RidgeKernel.Factorise(MemoryBlocks.Of(features, half: true, 2), 1, CancellationToken.None)
                )
                .Message;
    }
}
