using DasAudit.Core.Attribution.Kernel;
using MathNet.Numerics.Statistics;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>Gathers a point of the damping curve, noise draw by noise draw.</summary>
/// <param name="fraction">df(λ)/r.</param>
/// <param name="withSign">Whether a score's sign counts for its rank.</param>
internal sealed class CurvePoint(double fraction, bool withSign)
{
    private readonly List<double> _dampings = [];
    private readonly List<double[]> _recall = [];
    private readonly List<double> _agreement = [];

    // The last draw's scores of each of its kernels, [query][member].
    private readonly Dictionary<int, double[][]> _scores = [];

    public void Add(RidgeKernel kernel, KernelRows? queries, KernelRows? recalled, int members, int index)
    {
        var damping = DegreesOfFreedom.Solve(kernel, fraction);
        _dampings.Add(damping);
        if (recalled is not null)
            _recall.Add(SelfRecall.ReciprocalRanks(kernel, recalled, SelfRecall.Sample(members), members, damping));
        if (queries is null)
            return;
        var scores = Scores(kernel, queries, damping, members);
        if (_scores.TryGetValue(index, out var earlier))
            _agreement.AddRange(earlier.Zip(scores, (a, b) => Correlation.Spearman(a, b)).Where(double.IsFinite));
        _scores[index] = scores;
    }

    public DampingPoint Point()
    {
        double? agreement = _agreement.Count == 0 ? null : _agreement.Average();
        if (_recall.Count == 0)
            return new(fraction, _dampings.Average(), null, null, agreement);
        // A picture that is asked for in several draws counts once, with its mean.
        var pictures = Enumerable.Range(0, _recall[0].Length).Select(i => _recall.Average(draw => draw[i])).ToList();
        var (mean, standardError) = SelfRecall.Summary(pictures);
        return new(fraction, _dampings.Average(), mean, standardError, agreement);
    }

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
