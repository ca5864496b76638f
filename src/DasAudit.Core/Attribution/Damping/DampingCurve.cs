using DasAudit.Core.Attribution.Kernel;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>λ ↦ {df, self-recall, split-half reliability}, gathered draw by draw from kernels of the scores.</summary>
/// <param name="withSign">Whether a score's sign counts for its rank; by default its square does, as in DAS.</param>
internal sealed class DampingCurve(bool withSign = false)
{
    private readonly CurvePoint[] _points = [.. Fractions.Select(fraction => new CurvePoint(fraction, withSign))];

    /// <summary>c = df(λ)/r at the points of the curve, r the rank of the features: 0.9 … 0.01.</summary>
    public static IReadOnlyList<double> Fractions { get; } = [0.9, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01];

    /// <summary>Adds a kernel of a noise draw.</summary>
    /// <param name="queries">Features of the same queries in each draw; null if there are none.</param>
    /// <param name="recalled">See <see cref="DampingProblem"/>.</param>
    /// <param name="index">Which of the draw's kernels it is; scores are compared with the same one's before.</param>
    public void Add(
        RidgeKernel kernel,
        KernelRows? queries,
        Tensor? recalled = null,
        int? members = null,
        int index = 0
    )
    {
        using var scope = NewDisposeScope();
        using var recalledRows = recalled is null ? null : kernel.Project(recalled);
        foreach (var point in _points)
            point.Add(kernel, queries, recalledRows, members ?? kernel.Count, index);
    }

    /// <summary>From little damping to much.</summary>
    public IReadOnlyList<DampingPoint> Points() => [.. _points.Select(point => point.Point())];
}
