using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution;

/// <summary>
/// The kernel of the members' features in one noise draw with its damping: what the formulas of the kernel methods are made of.
/// <para>
/// A decoy is no member, so K lacks its row. To be compared with members it is scored as if K held it: with W_j its rows of the kernel's kinds,
/// (K + W_jᵀW_j)⁻¹ stands for K⁻¹, by the Woodbury formula. Where the kernel is of the scored features themselves that is a factor 1/(1 + h_j).
/// </para>
/// </summary>
internal sealed class DampedKernel : IDisposable
{
    private readonly FeatureTable _table;
    private readonly IReadOnlyList<FeatureKind> _kinds;
    private readonly int _row;
    private readonly int? _recalled;
    private readonly RidgeKernel _ridge;
    private KernelRows? _queries;

    private DampedKernel(
        FeatureTable table,
        IReadOnlyList<FeatureKind> kinds,
        int row,
        int? recalled,
        RidgeKernel ridge,
        IReadOnlyList<double> dampings
    ) => (_table, _kinds, _row, _recalled, _ridge, Dampings) = (table, kinds, row, recalled, ridge, dampings);

    /// <summary>λ; several for a band, over which scores are averaged.</summary>
    public IReadOnlyList<double> Dampings { get; }

    /// <summary>Whether a damping curve is wanted: <see cref="MethodOptions.WithCurve"/>.</summary>
    public bool WithCurve { get; private init; }

    /// <summary>Whether leaving out sets is wanted: <see cref="MethodOptions.WithRefits"/>.</summary>
    public bool WithRefits { get; private init; }

    /// <summary>The members' scores for the first query with each λ of a band, [λ][member], brought to one scale, once <see cref="Band"/> or <see cref="Mean"/> has computed them; null for a single λ.</summary>
    public double[][]? ByDamping { get; private set; }

    /// <summary>n, the number of pictures in the kernel.</summary>
    public int Count => _ridge.Count / _kinds.Count;

    /// <summary>Number of members, at most <see cref="Count"/>.</summary>
    public int Members => _table.Members;

    /// <summary>K_λ itself.</summary>
    public RidgeKernel Ridge => _ridge;

    /// <summary>The kernel of one kind.</summary>
    /// <inheritdoc cref="Of(FeatureTable, IReadOnlyList{FeatureKind}, int, int?, MethodDescription, MethodOptions)"/>
    public static DampedKernel Of(
        FeatureTable table,
        FeatureKind kind,
        int row,
        int? recalled,
        MethodDescription method,
        MethodOptions options
    ) => Of(table, [kind], row, recalled, method, options);

    /// <summary>Factorises K = (1/m)·Σ over m kinds of ΦᵀΦ and chooses λ.</summary>
    /// <param name="table">The features.</param>
    /// <param name="kinds">The kinds whose rows are in the kernel.</param>
    /// <param name="row">Which row of each kind.</param>
    /// <param name="recalled">The row that holds the same from another noise draw; null where there is none.</param>
    /// <param name="method">Whose default rule chooses λ.</param>
    /// <param name="options">Whose rule chooses λ if it has one.</param>
    public static DampedKernel Of(
        FeatureTable table,
        IReadOnlyList<FeatureKind> kinds,
        int row,
        int? recalled,
        MethodDescription method,
        MethodOptions options
    )
    {
        using var scope = NewDisposeScope();
        var rule = options.Damping ?? method.Damping ?? DampingRules.Default;
        var ridge = table.Kernel(kinds, row);
        try
        {
            var again = recalled is { } other ? Recalled(table, kinds, other) : null;
            var problem = new DampingProblem(ridge, again)
            {
                Members = table.Members,
                Responses = table.KernelTargets(kinds, row),
                Method = method.Id,
            };
            return new(table, kinds, row, recalled, ridge, rule.Choose(problem))
            {
                WithCurve = options.WithCurve,
                WithRefits = options.WithRefits,
            };
        }
        catch
        {
            ridge.Dispose();
            throw;
        }
    }

    /// <summary>S = Φ_q·K_λ⁻¹·Φᵀ of the kernel's own features, float64 [queries, rows] in the caller's dispose scope.</summary>
    public Tensor Scores(double damping)
    {
        _queries ??= Queries((_kinds[0], _row));
        using var scope = NewDisposeScope();
        var members = _ridge.WithMembers(_queries, damping).narrow(1, 0, _table.Members);
        return (
            Decoys == 0 ? members : cat([members, WithDecoys(_queries, _kinds[0], damping)], 1)
        ).MoveToOuterDisposeScope();
    }

    /// <summary>A·K_λ⁻¹·Bᵀ, float64 [m, rows] in the caller's dispose scope.</summary>
    /// <param name="damping">λ.</param>
    /// <param name="queries">A, of m rows.</param>
    /// <param name="kind">B, the feature of this kind of every row.</param>
    public Tensor Scores(double damping, KernelRows queries, FeatureKind kind)
    {
        using var scope = NewDisposeScope();
        var all = _table.Products(_ridge.Solve(queries, damping), kind, _row);
        return (
            Decoys == 0 ? all : cat([all.narrow(1, 0, _table.Members), WithDecoys(queries, kind, damping)], 1)
        ).MoveToOuterDisposeScope();
    }

    /// <summary>Some features of the queries, one kind and row after the other, each of all queries; the caller disposes them.</summary>
    public KernelRows Queries(params IReadOnlyList<(FeatureKind Kind, int Row)> features)
    {
        using var scope = NewDisposeScope();
        return _ridge.Project(cat([.. features.Select(feature => _table.QueryMatrix(feature.Kind, feature.Row))]));
    }

    /// <summary>The feature of a kind of every row; the caller disposes them.</summary>
    public KernelRows Rows(FeatureKind kind)
    {
        using var scope = NewDisposeScope();
        return _ridge.Project(_table.RowMatrix(kind, _row));
    }

    /// <summary>
    /// Signed influence of each row on the query's loss, ∇ℓ(z)ᵀ·K_λ⁻¹·∇ℓ_i, the mean over λ: more than 0 where seeing the row helps make the
    /// query. float64 [queries, rows] in the caller's dispose scope.
    /// </summary>
    public Tensor LossInfluence(FeatureKind loss)
    {
        using var queries = Queries((loss, _row));
        return stack(OneScale(damping => Scores(damping, queries, loss))).mean([0L]);
    }

    /// <summary>
    /// What the scores are squares of, for each λ, float64 [m, rows], m rows of one query after the other; those of a band are brought to one scale,
    /// see <see cref="BandAverage"/>. Decoys do not count for it.
    /// </summary>
    public IReadOnlyList<Tensor> Band(Func<double, Tensor> scores)
    {
        var all = OneScale(scores);
        ByDamping = OfFirstQuery(all, inner => inner.square());
        return all;
    }

    /// <summary>The scores' mean over λ, float64 [m, rows], likewise.</summary>
    public Tensor Mean(Func<double, Tensor> scores)
    {
        var all = OneScale(scores);
        ByDamping = OfFirstQuery(all, own => own);
        return stack(all).mean([0L]);
    }

    /// <summary>Adds the kernel to a damping curve.</summary>
    /// <param name="curve">The curve.</param>
    /// <param name="part">Which of the noise draw's kernels it is.</param>
    /// <param name="asked">Features of the first query to score with; null for those of the kernel's own kind, if it has any.</param>
    public void AddTo(DampingCurve curve, int part, IReadOnlyList<(FeatureKind Kind, int Row)>? asked)
    {
        using var scope = NewDisposeScope();
        asked ??= _table.Queries[0].Rows.ContainsKey(_kinds[0]) ? [(_kinds[0], _row)] : [];
        using var queries =
            asked.Count == 0
                ? null
                : _ridge.Project(
                    cat([.. asked.Select(feature => _table.QueryMatrix(feature.Kind, feature.Row).narrow(0, 0, 1))])
                );
        curve.Add(
            _ridge,
            queries,
            _recalled is { } other ? Recalled(_table, _kinds, other) : null,
            _table.Members,
            part
        );
    }

    /// <summary>What leaving out sets of members changes for the first query; see <see cref="ScoreSheet"/>.</summary>
    /// <param name="damping">λ.</param>
    /// <param name="effect">With <see cref="SetEffect.Variance"/> r is a.</param>
    /// <param name="residuals">r of every row, float64 [rows], with a λ; null for 1.</param>
    /// <param name="asked">Features of the first query; null for that of the kernel's own kind.</param>
    public LinearInfluence Refit(
        double damping,
        SetEffect effect,
        Func<double, Tensor>? residuals,
        IReadOnlyList<(FeatureKind Kind, int Row)>? asked
    )
    {
        using var scope = NewDisposeScope();
        using var query = _ridge.Project(
            cat([
                .. (asked ?? [(_kinds[0], _row)]).Select(feature =>
                    _table.QueryMatrix(feature.Kind, feature.Row).narrow(0, 0, 1)
                ),
            ])
        );
        var members = _ridge.Members(Members, some => _table.Rows.Take(some).Matrix(_kinds[0], _row));
        var own =
            effect == SetEffect.Variance
                ? null
                : residuals?.Invoke(damping).narrow(0, 0, Members) ?? ones(Members, dtype: float64);
        return LinearInfluence.Of(_ridge, query, members, damping, own);
    }

    private List<Tensor> OneScale(Func<double, Tensor> scores)
    {
        List<Tensor> all = [.. Dampings.Select(scores)];
        if (all.Count == 1)
            return all;
        var factors = Enumerable
            .Range(0, (int)all[0].shape[0])
            .Select(row =>
                BandAverage.Factors([
                    .. all.Select(own => own[row].narrow(0, 0, _table.Members).contiguous().data<double>().ToArray()),
                ])
            )
            .ToList();
        return [.. all.Select((own, l) => own * tensor(factors.Select(factor => factor[l]).ToArray()).unsqueeze(1))];
    }

    private double[][]? OfFirstQuery(List<Tensor> all, Func<Tensor, Tensor> score) =>
        all.Count == 1
            ? null
            :
            [
                .. all.Select(own =>
                    score(own.view(-1, _table.Queries.Count, own.shape[1]).select(1, 0).narrow(1, 0, _table.Members))
                        .mean([0L])
                        .data<double>()
                        .ToArray()
                ),
            ];

    /// <summary>h_i = φ_iᵀ·K_λ⁻¹·φ_i of every row in a kernel that holds it, float64 [rows] in the caller's dispose scope.</summary>
    public Tensor Leverages(double damping)
    {
        var members = tensor(_ridge.Leverages(damping)).narrow(0, 0, _table.Members);
        if (Decoys == 0)
            return members;
        using var scope = NewDisposeScope();
        var outside = Joined(damping).Hat.squeeze(2).squeeze(1);
        return cat([members, outside / (1 + outside)]).MoveToOuterDisposeScope();
    }

    /// <summary>‖K_λ⁻¹·φ_i‖₂ of every row with a kernel that holds it, float64 [rows] in the caller's dispose scope.</summary>
    public Tensor StepLengths(double damping)
    {
        using var scope = NewDisposeScope();
        var lengths = _table.OfRows(
            _kinds[0],
            _row,
            features =>
            {
                using var rows = _ridge.Project(features);
                return _ridge.Solve(rows, damping).square().sum([1L]).sqrt();
            }
        );
        if (Decoys > 0)
            lengths.narrow(0, _table.Members, Decoys).mul_(1 - Leverages(damping).narrow(0, _table.Members, Decoys));
        return lengths.MoveToOuterDisposeScope();
    }

    /// <summary>ρ_i of every row in a model that has seen it, float64 [rows]: a decoy's falls by 1/(1 + h_j) when it is learnt.</summary>
    public Tensor Residuals(ResidualKind kind, double damping)
    {
        var factors = tensor(DasAudit.Core.Attribution.Scores.Residuals.Factors(kind, _table.Rows, _row));
        if (kind == ResidualKind.None || Decoys == 0)
            return factors;
        var seen = ones_like(factors);
        seen.narrow(0, _table.Members, Decoys).sub_(Leverages(damping).narrow(0, _table.Members, Decoys));
        return factors * seen;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queries?.Dispose();
        _ridge.Dispose();
    }

    private int Decoys => _table.Rows.Count - _table.Members;

    // The asked members' rows of the kernel from another noise draw.
    private static Tensor Recalled(FeatureTable table, IReadOnlyList<FeatureKind> kinds, int row) =>
        table.Rows.Take(SelfRecall.Asked(table.Members).Select(i => (int)i)).Matrix(kinds[0], row)
        / Math.Sqrt(kinds.Count);

    // A·K⁻¹·b_j − A·K⁻¹·W_jᵀ·(I + W_j·K⁻¹·W_jᵀ)⁻¹·W_j·K⁻¹·b_j
    private Tensor WithDecoys(KernelRows queries, FeatureKind kind, double damping)
    {
        var (solved, hat) = Joined(damping);
        var b = _table.DecoyMatrix(kind, _row);
        using var own = _ridge.Project(b);
        var weights = linalg.solve(eye(hat.shape[1], dtype: float64) + hat, solved.matmul(b.unsqueeze(2))).squeeze(2);
        var through = queries.Rows.matmul(solved.flatten(0, 1).t()).view(queries.Rows.shape[0], Decoys, -1);
        return _ridge.Between(queries, own, damping) - (through * weights).sum([2L]);
    }

    // W_j·K⁻¹, [decoys, m, k], and W_j·K⁻¹·W_jᵀ, [decoys, m, m].
    private (Tensor Solved, Tensor Hat) Joined(double damping)
    {
        var own = stack(_kinds.Select(kind => _table.DecoyMatrix(kind, _row)), 1) / Math.Sqrt(_kinds.Count);
        using var rows = _ridge.Project(own.flatten(0, 1));
        var solved = _ridge.Solve(rows, damping).view(own.shape);
        return (solved, solved.matmul(own.transpose(1, 2)));
    }
}
