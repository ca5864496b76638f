using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution;

/// <summary>
/// The members' damped kernel in one noise draw. Tensors are float64, in the caller's dispose scope;
/// <see cref="JoinedDecoys"/> scores decoys.
/// </summary>
internal sealed class DampedKernel : IDisposable
{
    private readonly KernelSource _source;
    private readonly KernelRows? _queries;

    private DampedKernel(KernelSource source, RidgeKernel ridge, IReadOnlyList<double> dampings)
    {
        _source = source;
        Ridge = ridge;
        Dampings = dampings;
        _queries = source.QueryRows.Count == 0 ? null : Project(source.QueryRows);
    }

    /// <summary>λ; several for a band, over which scores are averaged.</summary>
    public IReadOnlyList<double> Dampings { get; }

    public RidgeKernel Ridge { get; }

    public FeatureTable Table => _source.Table;

    public int Row => _source.Row;

    /// <summary>n, the number of pictures in the kernel: members and background.</summary>
    public int Count => Ridge.Count / _source.RowsOfPicture;

    /// <summary>The queries' <see cref="KernelSource.QueryRows"/>, one after the other.</summary>
    public KernelRows Queries =>
        _queries ?? throw new InvalidOperationException("No features of queries go with this kernel.");

    private int Members => Table.Members;

    private int Decoys => Table.Scored.Count - Members;

    /// <summary>Factorises a kernel; the rule of the options, or else of the method, chooses λ.</summary>
    public static DampedKernel Of(KernelSource source, MethodDescription method, MethodOptions options)
    {
        using var scope = NewDisposeScope();
        var rule = options.Damping ?? method.Damping ?? DampingRules.Default;
        var ridge = source.Factorise();
        try
        {
            var problem = new DampingProblem(ridge, source.Recalled)
            {
                Members = source.Table.Members,
                ReadResponses = source.Responses,
                Method = method.Id,
            };
            return new(source, ridge, rule.Choose(problem));
        }
        catch
        {
            ridge.Dispose();
            throw;
        }
    }

    /// <summary>The formula's values, [m, scored pictures] with each λ, brought to one scale.</summary>
    public BandValues Band(Func<double, Tensor> formula) => BandValues.OneScale([.. Dampings.Select(formula)], Members);

    /// <summary>Φ_q·K_λ⁻¹·Φᵀ of the kernel's own features, [queries, scored pictures].</summary>
    public Tensor Scores(double damping)
    {
        using var scope = NewDisposeScope();
        var ofMembers = Ridge.WithMembers(Queries, damping).narrow(1, 0, Members);
        return WithDecoys(ofMembers, Queries, _source.Kinds[0], damping).MoveToOuterDisposeScope();
    }

    /// <summary>A·K_λ⁻¹·Bᵀ, [m, scored pictures], of A's m rows with B, a feature of every scored picture.</summary>
    public Tensor Scores(double damping, KernelRows queries, FeatureKind kind)
    {
        using var scope = NewDisposeScope();
        var products = Table.Products(Ridge.Solve(queries, damping), kind, Row);
        var ofMembers = Decoys == 0 ? products : products.narrow(1, 0, Members);
        return WithDecoys(ofMembers, queries, kind, damping).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Signed influence on the query's loss, ∇ℓ(z)ᵀ·K_λ⁻¹·∇ℓ_i, the mean over λ, [queries, scored pictures]: more than
    /// 0 where seeing the picture helps make the query.
    /// </summary>
    public Tensor LossInfluence(FeatureKind loss)
    {
        using var queries = Project([new(loss, Row)]);
        return Band(damping => Scores(damping, queries, loss)).Mean();
    }

    /// <summary>h_i = φ_iᵀ·K_λ⁻¹·φ_i of every scored picture in a kernel that holds it.</summary>
    public Tensor Leverages(double damping)
    {
        var ofMembers = tensor(Ridge.Leverages(damping)).narrow(0, 0, Members);
        if (Decoys == 0)
            return ofMembers;
        using var scope = NewDisposeScope();
        return cat([ofMembers, Joined(damping).Leverages()]).MoveToOuterDisposeScope();
    }

    /// <summary>‖K_λ⁻¹·φ_i‖₂ of every scored picture with a kernel that holds it.</summary>
    public Tensor StepLengths(double damping)
    {
        using var scope = NewDisposeScope();
        var lengths = Table.PerScored(
            _source.Kinds[0],
            Row,
            features =>
            {
                using var rows = Ridge.Project(features);
                return Ridge.Solve(rows, damping).square().sum([1L]).sqrt();
            }
        );
        if (Decoys > 0)
            OfDecoys(lengths).mul_(1 - OfDecoys(Leverages(damping)));
        return lengths.MoveToOuterDisposeScope();
    }

    /// <summary>ρ_i of every scored picture in a model that has seen it: a decoy's falls by 1/(1 + h_j).</summary>
    public Tensor Residuals(ResidualKind kind, double damping)
    {
        var factors = tensor(ResidualFactors.Of(kind, Table.Scored, Row));
        return kind == ResidualKind.None ? factors : AsLearnt(factors, damping);
    }

    /// <summary>
    /// √(MSE_i/mean_j MSE_j) of every scored picture's own error in the pass that the kernel is of, the mean over
    /// members; of a decoy as of a picture learnt, see <see cref="Residuals"/>.
    /// </summary>
    public Tensor RelativeErrors(double damping)
    {
        using var scope = NewDisposeScope();
        var errors = tensor(Table.SquaredErrors(Row));
        var mean = errors.narrow(0, 0, Members).mean();
        var relative = mean.item<double>() > 0 ? (errors / mean).sqrt() : ones_like(errors);
        return AsLearnt(relative, damping).MoveToOuterDisposeScope();
    }

    /// <summary>Some features of all queries, one after the other; the caller disposes them.</summary>
    public KernelRows Project(IEnumerable<FeatureRow> features)
    {
        using var scope = NewDisposeScope();
        return Ridge.Project(cat([.. features.Select(feature => Table.QueryMatrix(feature.Kind, feature.Row))]));
    }

    /// <summary>A feature of every scored picture; the caller disposes them.</summary>
    public KernelRows ProjectScored(FeatureKind kind)
    {
        using var scope = NewDisposeScope();
        return Ridge.Project(Table.ScoredMatrix(kind, Row));
    }

    public void AddTo(DampingCurve curve, int index)
    {
        using var scope = NewDisposeScope();
        using var query = _queries is null ? null : ProjectFirstQuery();
        curve.Add(Ridge, query, _source.Recalled(), Members, index);
    }

    /// <summary>What leaving out sets of members changes for the first query; of a variance, r is a.</summary>
    /// <param name="residuals">r of every scored picture with a λ; null for 1.</param>
    public LinearInfluence Refit(double damping, SetEffect effect, Func<double, Tensor>? residuals)
    {
        using var scope = NewDisposeScope();
        using var query = ProjectFirstQuery();
        var coordinates = Ridge.Members(Members, pictures => Table.Scored.Take(pictures).Matrix(_source.Kinds[0], Row));
        if (effect == SetEffect.Variance)
            return LinearInfluence.Of(Ridge, query, coordinates, damping, residuals: null);
        var ofMembers = residuals?.Invoke(damping).narrow(0, 0, Members) ?? ones(Members, dtype: float64);
        return LinearInfluence.Of(Ridge, query, coordinates, damping, ofMembers);
    }

    public void Dispose()
    {
        _queries?.Dispose();
        Ridge.Dispose();
    }

    private KernelRows ProjectFirstQuery() =>
        Ridge.Project(
            cat([.. _source.QueryRows.Select(feature => Table.QueryMatrix(feature.Kind, feature.Row).narrow(0, 0, 1))])
        );

    private JoinedDecoys Joined(double damping) => new(Ridge, damping, _source.DecoyRows());

    private Tensor WithDecoys(Tensor ofMembers, KernelRows queries, FeatureKind kind, double damping) =>
        Decoys == 0 ? ofMembers : cat([ofMembers, Joined(damping).Scores(queries, Table.DecoyMatrix(kind, Row))], 1);

    private Tensor AsLearnt(Tensor residuals, double damping)
    {
        if (Decoys == 0)
            return residuals;
        var learnt = ones_like(residuals);
        OfDecoys(learnt).sub_(OfDecoys(Leverages(damping)));
        return residuals * learnt;
    }

    private Tensor OfDecoys(Tensor scored) => scored.narrow(0, Members, Decoys);
}
