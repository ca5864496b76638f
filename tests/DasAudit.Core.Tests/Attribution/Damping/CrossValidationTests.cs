using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Damping;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Attribution.Damping;

public class CrossValidationTests
{
    [Theory]
    [InlineData(12, 5, 5, 1)]
    [InlineData(5, 12, 5, 1)]
    [InlineData(9, 9, 4, 3)]
    [InlineData(1, 6, 1, 1)]
    public void The_criterion_is_the_direct_formula(int n, int k, int rank, int columns)
    {
        using var scope = NewDisposeScope();
        var phi = RandomMatrix.OfRank(n, k, rank, 3);
        var y = RandomMatrix.Normal(n, columns, 8);
        using var kernel = phi.Factorise();
        var criterion = CrossValidation.Criterion(kernel, y.Tensor());
        foreach (var damping in new[] { 1e-3, 0.1, 1, 30, 1e4 })
        {
            // GCV = (‖(I − H)y‖²/N)/(tr(I − H)/N)² with H = Φ·K_λ⁻¹·Φᵀ.
            var rest = Matrix<double>.Build.DenseIdentity(n) - phi * phi.Inverse(damping) * phi.Transpose();
            var expected = (rest * y).Enumerate().Sum(value => value * value) / n / Math.Pow(rest.Trace() / n, 2);
            Assert.Equal(1, criterion(damping) / expected, 1e-7);
        }
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(8.0)]
    [InlineData(16.0)]
    public void The_choice_is_the_least_of_a_fine_grid_and_near_the_least_true_error(double noise)
    {
        using var scope = NewDisposeScope();
        var phi = RandomMatrix.Normal(200, 60, 3);
        var truth = RandomMatrix.Normal(60, 1, 5);
        var clean = phi * truth;
        var y = clean + noise * RandomMatrix.Normal(200, 1, 7);
        using var kernel = phi.Factorise();
        var chosen = DampingRules.Parse("gcv").Choose(new(kernel) { Responses = y.Tensor() }).Single();

        var criterion = CrossValidation.Criterion(kernel, y.Tensor());
        for (var exponent = -6.0; exponent < 7; exponent += 0.02)
            Assert.True(criterion(chosen) <= criterion(Math.Pow(10, exponent)) * (1 + 1e-9));

        // What ridge regression under each λ gets wrong of the noiseless targets.
        var least = Enumerable.Range(-30, 91).Min(i => Error(Math.Pow(10, i / 10.0)));
        Assert.InRange(Error(chosen), least, 1.15 * least);

        double Error(double damping) => (phi * phi.Inverse(damping) * phi.TransposeThisAndMultiply(y) - clean).L2Norm();
    }

    [Fact]
    public void Targets_that_the_features_say_nothing_of_are_refused()
    {
        using var scope = NewDisposeScope();
        var phi = RandomMatrix.Normal(30, 5, 3);
        var y = RandomMatrix.Normal(30, 1, 5);
        // What is left of y when the features have been fitted to it, as of a trained model's residual.
        y -= phi * phi.Inverse(0) * phi.TransposeThisAndMultiply(y);
        using var kernel = phi.Factorise();
        Assert.Contains(
            "gcv",
            Assert
                .Throws<AuditException>(() => new CrossValidation().Choose(new(kernel) { Responses = y.Tensor() }))
                .Message
        );
    }

    [Fact]
    public void Targets_that_the_features_say_all_of_need_hardly_any_damping()
    {
        using var scope = NewDisposeScope();
        var phi = RandomMatrix.Normal(30, 5, 3);
        using var kernel = phi.Factorise();
        var chosen = new CrossValidation()
            .Choose(new(kernel) { Responses = (phi * RandomMatrix.Normal(5, 1, 5)).Tensor() })
            .Single();
        Assert.True(chosen < 1e-6 * kernel.Eigenvalues[^1]);
    }

    [Fact]
    public void A_method_without_targets_is_refused()
    {
        using var kernel = RandomMatrix.Normal(3, 4, 3).Factorise();
        Assert.Contains(
            "no targets",
            Assert.Throws<AuditException>(() => new CrossValidation().Choose(new(kernel))).Message
        );
        Assert.Contains(
            "and das has no targets",
            Assert.Throws<AuditException>(() => new CrossValidation().Choose(new(kernel) { Method = "das" })).Message
        );
    }
}
