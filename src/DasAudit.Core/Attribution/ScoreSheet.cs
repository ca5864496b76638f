using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution;

/// <summary>Gathers what a method computes, replicate by replicate.</summary>
internal sealed class ScoreSheet
{
    private readonly MethodInputs _inputs;
    private readonly MethodOptions _options;
    private readonly QuerySheet[] _queries;
    private readonly List<double> _dampings = [];
    private readonly List<double[][]> _bands = [];
    private readonly RefitGatherer _refits = new();
    private DampingCurve? _curve;
    private int _kernelsOfReplicate;

    private ScoreSheet(MethodInputs inputs, MethodOptions options)
    {
        _inputs = inputs;
        _options = options;
        _queries = [.. Enumerable.Range(0, inputs.Queries).Select(_ => new QuerySheet())];
    }

    /// <summary>Runs a method over its replicates, each in a dispose scope and without differentiation.</summary>
    public static MethodScores Fill(
        MethodInputs inputs,
        MethodOptions options,
        int replicates,
        Action<ScoreSheet, int> score,
        CancellationToken cancellation
    )
    {
        TorchThreads.Use(1);
        var sheet = new ScoreSheet(inputs, options);
        for (var r = 0; r < replicates; r++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            sheet._kernelsOfReplicate = 0;
            score(sheet, r);
        }

        return sheet.Finish();
    }

    /// <summary>Notes the λ of a kernel and, if wanted, what other λ would have given.</summary>
    /// <param name="kernel">The kernel; in every replicate as many, in the same order.</param>
    public void AddKernel(DampedKernel kernel, bool squared)
    {
        _dampings.AddRange(kernel.Dampings);
        if (_options.WithCurve)
            kernel.AddTo(Curve(squared), _kernelsOfReplicate++);
    }

    /// <summary>The same for a kernel whose scores are squares; see <see cref="DampingCurve.Add"/>.</summary>
    public void AddKernel(RidgeKernel kernel, IEnumerable<double> dampings, KernelRows queries, Tensor? recalled)
    {
        _dampings.AddRange(dampings);
        if (_options.WithCurve)
            Curve(squared: true).Add(kernel, queries, recalled, _inputs.Members, _kernelsOfReplicate++);
    }

    /// <summary>Notes the first query's scores (values or their squares) with each λ of a band of several.</summary>
    public void AddBand(BandValues values, bool squared)
    {
        if (values.ByDamping.Count > 1)
            _bands.Add(values.OfFirstQuery(_inputs.Queries, _inputs.Members, squared));
    }

    /// <summary>Notes, if wanted, what leaving out sets of members would change for the first query.</summary>
    /// <param name="effect">The same for all kernels.</param>
    public void AddRefits(DampedKernel kernel, SetEffect effect, Func<double, Tensor>? residuals) =>
        AddRefits(kernel.Ridge, kernel.Dampings, effect, damping => kernel.Refit(damping, effect, residuals));

    /// <summary>The same for a kernel that says what would change with λ.</summary>
    public void AddRefits(
        RidgeKernel kernel,
        IReadOnlyList<double> dampings,
        SetEffect effect,
        Func<double, LinearInfluence> refit
    )
    {
        if (_options.WithRefits)
            _refits.Add(kernel, dampings, _inputs.Members, effect, refit);
    }

    /// <summary>Adds the scores of a replicate, float64 [queries, scored pictures].</summary>
    public void AddScores(Tensor scores)
    {
        foreach (var (q, query) in _queries.Index())
            query.AddScores(scores[q]);
    }

    /// <summary>Adds scores that are the mean over sampling steps, float64 [queries, scored pictures] each.</summary>
    public void AddSteps(IReadOnlyList<Tensor> steps)
    {
        AddScores(stack(steps).mean([0L]));
        foreach (var (q, query) in _queries.Index())
            query.AddSteps(steps.Select(step => step[q]));
    }

    /// <summary>Adds scores τ = (1/B)·Σ_b s_b² of a replicate, or (1/B)·Σ_b s_b·s′_b with partners.</summary>
    /// <param name="inner">s_b, float64 [queries, scored pictures] each.</param>
    /// <param name="partners">s′_b, likewise.</param>
    /// <param name="addUp">See <see cref="QueryScores.SquaresAddUp"/>.</param>
    public void AddSquares(IReadOnlyList<Tensor> inner, IReadOnlyList<Tensor>? partners = null, bool addUp = false)
    {
        foreach (var (q, query) in _queries.Index())
            query.AddSquares(inner.Select(s => s[q]), partners?.Select(s => s[q]), addUp);
    }

    /// <summary>Adds signed influences, float64 [queries, scored pictures]; their sum gives directions.</summary>
    public void AddInfluence(Tensor influence)
    {
        foreach (var (q, query) in _queries.Index())
            query.AddInfluence(influence[q]);
    }

    private DampingCurve Curve(bool squared) => _curve ??= new(withSign: !squared);

    private MethodScores Finish() =>
        new([.. _queries.Select(query => query.Finish())], _dampings)
        {
            Curve = _curve?.Points(),
            Refits = _refits.Finish(),
            Band = _bands.Count == 0 ? null : BandAverage.OfKernels(_bands),
        };
}
