using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Files;
using MathNet.Numerics.Statistics;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>
/// What other dampings would have given: λ ↦ {df, self-recall, split-half reliability}, gathered noise draw by noise
/// draw from kernels that are factorised anyway.
/// </summary>
/// <param name="withSign">
/// Whether a score's sign counts when rows are ordered; by default its square does, as in DAS.
/// </param>
internal sealed class DampingCurve(bool withSign = false)
{
    private readonly List<double>[] _dampings = PerFraction<double>();
    private readonly List<double[]>[] _recall = PerFraction<double[]>();
    private readonly List<double>[] _agreement = PerFraction<double>();
    private readonly Dictionary<int, double[][][]> _before = [];

    /// <summary>c = df(λ)/r at the points of the curve, r the rank of the features: 0.9 … 0.01.</summary>
    public static IReadOnlyList<double> Fractions { get; } = [0.9, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01];

    /// <summary>Adds a kernel of a noise draw.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="queries">
    /// The queries' features of the same draw, beside the kernel; the same queries in each draw. Null if there are
    /// none.
    /// </param>
    /// <param name="recalled">See <see cref="DampingProblem"/>.</param>
    /// <param name="members">See <see cref="DampingProblem.Members"/>.</param>
    /// <param name="part">
    /// Which of the draw's kernels it is, where a draw has several: scores are compared with those of the same one in
    /// the draw before.
    /// </param>
    public void Add(RidgeKernel kernel, KernelRows? queries, Tensor? recalled = null, int? members = null, int part = 0)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        using var scope = NewDisposeScope();
        var count = members ?? kernel.Count;
        var asked = SelfRecall.Asked(count);
        using var again = recalled is null ? null : kernel.Project(recalled);
        var before = _before.GetValueOrDefault(part);
        var now = new double[Fractions.Count][][];
        foreach (var (f, fraction) in Fractions.Index())
        {
            var damping = DegreesOfFreedom.Solve(kernel, fraction);
            _dampings[f].Add(damping);
            if (again is not null)
                _recall[f].Add(SelfRecall.ReciprocalRanks(kernel, again, asked, count, damping));
            if (queries is null)
                continue;
            now[f] = Scores(kernel, queries, damping, count);
            if (before is not null)
                _agreement[f]
                    .AddRange(before[f].Zip(now[f], (a, b) => Correlation.Spearman(a, b)).Where(double.IsFinite));
        }

        if (queries is not null)
            _before[part] = now;
    }

    /// <summary>The curve of the draws so far, from little damping to much.</summary>
    public IReadOnlyList<DampingPoint> Points() =>
        [
            .. Fractions.Select(
                (fraction, f) =>
                {
                    // A picture that is asked for in several draws counts once, with its mean.
                    var recall =
                        _recall[f].Count == 0
                            ? default((double Mean, double StandardError)?)
                            : SelfRecall.Summary([
                                .. Enumerable
                                    .Range(0, _recall[f][0].Length)
                                    .Select(i => _recall[f].Average(draw => draw[i])),
                            ]);
                    return new DampingPoint(
                        fraction,
                        _dampings[f].Average(),
                        recall?.Mean,
                        recall?.StandardError,
                        _agreement[f].Count == 0 ? null : _agreement[f].Average()
                    );
                }
            ),
        ];

    private static List<T>[] PerFraction<T>() => [.. Fractions.Select(_ => new List<T>())];

    private double[][] Scores(RidgeKernel kernel, KernelRows queries, double damping, int members)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var scores = kernel.WithMembers(queries, damping).narrow(1, 0, members);
        if (!withSign)
            scores = scores.square();
        return [.. scores.contiguous().data<double>().ToArray().Chunk(members)];
    }
}

/// <summary>A point of the damping curve.</summary>
/// <param name="DegreesOfFreedom">df(λ) as a part of the rank of the features, in (0, 1).</param>
/// <param name="Damping">λ, the mean over kernels.</param>
/// <param name="SelfRecall">
/// Mean reciprocal rank of training pictures that are asked for with another noise draw, in (0, 1]: 1 if each finds
/// itself first. Null with a single draw. </param>
/// <param name="SelfRecallStandardError">Its standard error over pictures; null with a single draw.</param>
/// <param name="SplitHalfReliability">
/// Spearman's correlation of the scores from two noise draws, the mean over queries and over pairs of a draw with the
/// next, from −1 to 1. Null with a single draw, without queries, or where scores have no order. </param>
public sealed record DampingPoint(
    double DegreesOfFreedom,
    double Damping,
    double? SelfRecall,
    double? SelfRecallStandardError,
    double? SplitHalfReliability
);
