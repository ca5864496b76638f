using DasAudit.Core.Files;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>
/// Cross-noise self-recall with the one-standard-error rule: the largest λ whose mean reciprocal rank is at least max −
/// SE(max), over a geometric grid from df = 0.9·r to 0.01·r, r ≤ min(n, k) the rank of the features; then clipped to
/// 0.05 ≤ df(λ)/r ≤ 0.5. The known answer for a training picture is itself; the rule resolves ties towards stability,
/// the clip keeps it where real data were measured.
/// </summary>
internal sealed record Recall : IDampingRule
{
    internal const int Values = 27;

    private const double Most = 0.5;
    private const double Least = 0.05;

    public IReadOnlyList<double> Choose(DampingProblem problem)
    {
        if (problem.Recalled is not { } recalled)
            throw NeedsDraws();
        var kernel = problem.Kernel;
        var members = problem.Members ?? kernel.Count;
        var sample = SelfRecall.Sample(members);
        using var scope = NewDisposeScope();
        using var rows = kernel.Project(recalled);
        var grid = DampingBand.Grid(kernel, 0.01, 0.9, Values);
        var recall = grid.Select(damping =>
                SelfRecall.Summary(SelfRecall.ReciprocalRanks(kernel, rows, sample, members, damping))
            )
            .ToList();
        var best = recall.MaxBy(value => value.Mean);
        var chosen = grid.Where((_, i) => recall[i].Mean >= best.Mean - best.StandardError).Max();
        return [Math.Clamp(chosen, DegreesOfFreedom.Solve(kernel, Most), DegreesOfFreedom.Solve(kernel, Least))];
    }

    public override string ToString() => "recall";

    internal static AuditException NeedsDraws() =>
        new(
            "The damping rule recall compares noise draws, and only one was taken; give "
                + $"{Settings.Name("replicates")} 2 or more."
        );
}
