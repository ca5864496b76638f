using System.Globalization;
using DasAudit.Core.Files;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Kernel;

/// <summary>The eigendecomposition behind a <see cref="RidgeKernel"/>, dual or primal.</summary>
internal sealed class Spectrum : IDisposable
{
    // Of smaller matrices the way there and back takes longer.
    private const int FewestOnDevice = 1024;

    private Spectrum(double[] values, Tensor vectors, bool isDual, Tensor? coordinates)
    {
        Values = values;
        Vectors = vectors;
        IsDual = isDual;
        Coordinates = coordinates;
    }

    /// <summary>Λ, falling, all positive.</summary>
    public double[] Values { get; }

    /// <summary>U of the dual, float64 [n, r]; V of the primal, float64 [k, r].</summary>
    public Tensor Vectors { get; }

    /// <summary>Whether <see cref="Vectors"/> are those of G.</summary>
    public bool IsDual { get; }

    /// <summary>ΦV, float64 [n, r]; null where it would not fit into memory.</summary>
    public Tensor? Coordinates { get; }

    /// <summary>How many numbers it holds.</summary>
    public long Numbers => Vectors.numel() + (Coordinates?.numel() ?? 0);

    /// <summary>The same numbers, to be disposed by themselves.</summary>
    public Spectrum Share() =>
        new(Values, Vectors.alias().DetachFromDisposeScope(), IsDual, Coordinates?.alias().DetachFromDisposeScope());

    /// <summary>Eigenvalues below 1e-12 of the greatest are zero; throws if all are or memory is too small.</summary>
    /// <param name="device">Where large matrices are decomposed; null for the processor, where the result is.</param>
    public static Spectrum Of(IKernelFeatures features, Device? device = null)
    {
        CheckMemory(features);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var isDual = features.Count <= features.Dimension;
        var where = device is null || Math.Min(features.Count, features.Dimension) < FewestOnDevice ? CPU : device;
        var matrix = isDual ? features.Gram(where) : features.SecondMoment(where);
        var (risingThere, vectorsThere) = linalg.eigh(matrix);
        var (rising, vectors) = (risingThere.cpu(), vectorsThere.cpu());
        double[] eigenvalues = [.. rising.data<double>()];
        var largest = eigenvalues[^1];
        var first = Array.FindIndex(eigenvalues, value => value > Math.Max(largest, 0) * 1e-12);
        if (first < 0 || !(largest > 0))
            throw new AuditException(
                "All gradient features are zero, so nothing can be attributed; check that "
                    + $"{Settings.Name("parameters")} selects layers that the prediction depends on."
            );
        var kept = vectors.narrow(1, first, eigenvalues.Length - first).flip(1).contiguous();
        double[] values = [.. eigenvalues[first..].Reverse()];
        var coordinates = Project(features, kept, values, isDual);
        return new(values, kept.DetachFromDisposeScope(), isDual, coordinates?.DetachFromDisposeScope());
    }

    public void Dispose()
    {
        Vectors.Dispose();
        Coordinates?.Dispose();
    }

    private static Tensor? Project(IKernelFeatures features, Tensor vectors, double[] values, bool isDual)
    {
        if (isDual)
            return vectors * tensor(values).sqrt();
        return features.KeepsCoordinates ? features.Products(vectors.t()).t().contiguous() : null;
    }

    // The matrix, its eigenvectors and what their computation takes.
    private static void CheckMemory(IKernelFeatures features)
    {
        double side = Math.Min(features.Count, features.Dimension);
        var needed = 4 * sizeof(double) * side * side;
        double available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > available)
            throw new AuditException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A kernel of {features.Count} pictures needs about {needed / 1e9:0.#} GB of memory, and this "
                        + $"machine has {available / 1e9:0.#} GB; take fewer pictures ({Settings.Name("candidates")}, "
                        + $"{Settings.Name("background")}) or a shorter {Settings.Name("projection")}."
                )
            );
    }
}
