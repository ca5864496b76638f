using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Diffusion;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace DasAudit.Testing;

/// <summary>Matrices for explicit formulas, in a library that the code under test does not use for them.</summary>
internal static class RandomMatrix
{
    internal static Matrix<double> Normal(int rows, int columns, int key)
    {
        var values = new float[rows * columns];
        new NoiseSource(key).Normal(new(NoisePurpose.Attribution, 9, 9), values);
        return Matrix<double>.Build.Dense(rows, columns, (i, j) => values[i * columns + j]);
    }

    internal static Matrix<double> OfRank(int rows, int columns, int rank, int key) =>
        Normal(rows, rank, key) * Normal(rank, columns, key + 1);

    internal static Tensor Tensor(this Matrix<double> matrix) =>
        tensor(matrix.ToRowMajorArray(), [matrix.RowCount, matrix.ColumnCount]);

    internal static Matrix<double> Matrix(this Tensor values) =>
        Matrix<double>.Build.DenseOfRowMajor(
            (int)values.shape[0],
            (int)values.shape[1],
            values.contiguous().data<double>().ToArray()
        );

    internal static RidgeKernel Factorise(this Matrix<double> features)
    {
        using var scope = NewDisposeScope();
        return RidgeKernel.Factorise(features.Tensor());
    }

    /// <summary>(ΦᵀΦ + λI)⁻¹, or the pseudoinverse for λ = 0.</summary>
    internal static Matrix<double> Inverse(this Matrix<double> features, double damping)
    {
        var kernel = features.TransposeThisAndMultiply(features);
        return damping > 0
            ? (kernel + damping * Matrix<double>.Build.DenseIdentity(kernel.RowCount)).Inverse()
            : kernel.PseudoInverse();
    }

    internal static void Close(Matrix<double> expected, Matrix<double> actual, double relative = 1e-9)
    {
        Assert.Equal((expected.RowCount, expected.ColumnCount), (actual.RowCount, actual.ColumnCount));
        Assert.True(
            (expected - actual).Enumerate().Max(Math.Abs) <= relative * expected.Enumerate().Max(Math.Abs) + 1e-14,
            $"{expected} is not {actual}"
        );
    }
}
