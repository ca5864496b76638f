using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution;

/// <summary>Inner products of pictures as vectors of pixels.</summary>
internal static class Pixels
{
    // A block of columns at a time, so that no more than this many are held in double precision.
    private const int Columns = 4096;

    public static (IReadOnlyList<float[]> Queries, IReadOnlyList<float[]> Scored) Of(MethodInputs inputs, string method)
    {
        if (inputs.Pixels is not ({ } queries, { } scored))
            throw new AuditException($"The method {method} compares pixels, which were not read; let audit read them.");
        if (queries.Count != inputs.Queries || scored.Count != inputs.Scored)
            throw new AuditException(
                $"The method {method} was given the pixels of {scored.Count} pictures and {queries.Count} queries "
                    + $"where {inputs.Scored} and {inputs.Queries} are to be scored; let audit read them."
            );
        if (queries.Concat(scored).Any(pixels => pixels.Length != queries[0].Length))
            throw new AuditException(
                $"The method {method} compares pixels of pictures of one size; let audit resize them to the model's."
            );
        return (queries, scored);
    }

    /// <summary>⟨x, y⟩ of each left x and right y, float64 [left, right] in the caller's dispose scope.</summary>
    public static Tensor Products(IReadOnlyList<float[]> left, IReadOnlyList<float[]> right)
    {
        using var scope = NewDisposeScope();
        TorchThreads.Use(1);
        var products = zeros([left.Count, right.Count], dtype: float64);
        for (var start = 0; start < left[0].Length; start += Columns)
        {
            using var block = NewDisposeScope();
            var length = Math.Min(Columns, left[0].Length - start);
            products.add_(Matrix(left, start, length).matmul(Matrix(right, start, length).t()));
        }

        return products.MoveToOuterDisposeScope();
    }

    /// <summary>‖x‖² of each picture, float64 [n] in the caller's dispose scope.</summary>
    public static Tensor SquaredNorms(IReadOnlyList<float[]> pictures) =>
        tensor(pictures.Select(pixels => pixels.Sum(value => (double)value * value)).ToArray());

    // A copy, which libtorch aligns: products of numbers that lie anywhere would differ in their last digit by where.
    private static Tensor Matrix(IReadOnlyList<float[]> pictures, int start, int length)
    {
        var values = new double[pictures.Count * length];
        foreach (var (i, pixels) in pictures.Index())
        {
            for (var j = 0; j < length; j++)
                values[i * length + j] = pixels[start + j];
        }

        return tensor(values, [pictures.Count, length]).clone();
    }
}
