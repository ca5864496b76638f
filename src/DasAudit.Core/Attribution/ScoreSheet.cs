using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution;

/// <summary>Gathers what a method computes, replicate by replicate.</summary>
internal sealed class ScoreSheet
{
    private readonly int _queries;
    private readonly List<double> _damping = [];
    private readonly List<DampedKernel> _kernels = [];
    private readonly List<double[][]> _bands = [];
    private readonly List<double[]>[] _scores;
    private readonly List<double[][]>[] _inner;
    private readonly List<double[][]>[] _partners;
    private readonly List<double[][]>[] _steps;
    private readonly double[]?[] _influence;
    private readonly List<LinearInfluence> _refits = [];
    private DampingCurve? _curve;
    private SetEffect? _effect;
    private int _part;
    private bool _squaresAddUp;

    private ScoreSheet(int queries)
    {
        _queries = queries;
        (_scores, _inner, _partners, _steps) = (
            Lists<double[]>(),
            Lists<double[][]>(),
            Lists<double[][]>(),
            Lists<double[][]>()
        );
        _influence = new double[]?[queries];

        List<T>[] Lists<T>() => [.. Enumerable.Range(0, queries).Select(_ => new List<T>())];
    }

    /// <summary>Runs a method over its replicates, each with a dispose scope of its own and without automatic differentiation.</summary>
    /// <param name="inputs">What is scored.</param>
    /// <param name="replicates">How many times.</param>
    /// <param name="score">Adds the scores of a replicate.</param>
    /// <param name="cancellation">Stops between replicates.</param>
    public static MethodScores Fill(
        MethodInputs inputs,
        int replicates,
        Action<ScoreSheet, int> score,
        CancellationToken cancellation
    )
    {
        TorchThreads.Use(1);
        var sheet = new ScoreSheet(inputs.Queries);
        for (var r = 0; r < replicates; r++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            sheet._part = 0;
            score(sheet, r);
        }

        return sheet.Finish();
    }

    /// <summary>Notes the λ of a kernel, what its scores with each λ of a band come to be, and, if wanted, what other λ would have given.</summary>
    /// <param name="kernel">The kernel; in every replicate as many, in the same order.</param>
    /// <param name="withSign">Whether the scores are not squares.</param>
    /// <param name="asked">See <see cref="DampedKernel.AddTo"/>.</param>
    public void AddDamping(
        DampedKernel kernel,
        bool withSign = false,
        IReadOnlyList<(FeatureKind Kind, int Row)>? asked = null
    )
    {
        AddDamping(kernel.Dampings);
        _kernels.Add(kernel);
        if (kernel.WithCurve)
            kernel.AddTo(_curve ??= new(withSign), _part++, asked);
    }

    /// <summary>Notes the λ of a kernel.</summary>
    public void AddDamping(IEnumerable<double> dampings) => _damping.AddRange(dampings);

    /// <summary>Notes what other λ would have given with a kernel whose scores are squares; see <see cref="DampingCurve.Add"/>.</summary>
    public void AddCurve(RidgeKernel kernel, KernelRows queries, Tensor? recalled, int members) =>
        (_curve ??= new()).Add(kernel, queries, recalled, members, _part++);

    /// <summary>Notes what the first query's scores are squares of with each λ of a band, float64 [queries, rows] each; nothing where there is but one λ.</summary>
    public void AddBand(IReadOnlyList<Tensor> inner, int members)
    {
        if (inner.Count > 1)
            _bands.Add([.. inner.Select(own => Values(own[0].narrow(0, 0, members).square()))]);
    }

    /// <summary>Notes, if wanted, what leaving out sets of members would change for the first query.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="effect">The same for all kernels.</param>
    /// <param name="residuals">r of every row, float64 [rows], with a λ; null for 1.</param>
    /// <param name="asked">Features of the first query, of whose changes the mean is meant; null for that of the kernel's own kind.</param>
    public void AddRefits(
        DampedKernel kernel,
        SetEffect effect,
        Func<double, Tensor>? residuals = null,
        IReadOnlyList<(FeatureKind Kind, int Row)>? asked = null
    )
    {
        if (kernel.WithRefits)
            AddRefits(
                effect,
                kernel.Ridge,
                kernel.Dampings,
                kernel.Members,
                damping => kernel.Refit(damping, effect, residuals, asked)
            );
    }

    /// <summary>Notes what leaving out sets of members would change for the first query; nothing at all where one kernel cannot say it.</summary>
    /// <param name="effect">The same for all kernels.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="dampings">Its λ.</param>
    /// <param name="members">n.</param>
    /// <param name="compute">What it would change, with λ.</param>
    public void AddRefits(
        SetEffect effect,
        RidgeKernel kernel,
        IReadOnlyList<double> dampings,
        int members,
        Func<double, LinearInfluence> compute
    )
    {
        const double LeastDamping = 1e-8;
        var known = _refits.Count > 0 || _effect is null;
        _effect = effect;
        if (
            known
            && dampings.Count == 1
            && dampings[0] > LeastDamping * kernel.Eigenvalues[0]
            && (_refits.Count + 1L) * members * members <= RefitInfluence.MostValues
        )
            _refits.Add(compute(dampings[0]));
        else
            _refits.Clear();
    }

    /// <summary>Adds the scores of a replicate, float64 [queries, rows].</summary>
    public void AddScores(Tensor scores)
    {
        for (var q = 0; q < _queries; q++)
            _scores[q].Add(Values(scores[q]));
    }

    /// <summary>Adds scores that are the mean over steps of sampling, each float64 [queries, rows].</summary>
    public void AddSteps(IReadOnlyList<Tensor> steps)
    {
        AddScores(stack(steps).mean([0L]));
        for (var q = 0; q < _queries; q++)
            _steps[q].Add([.. steps.Select(step => Values(step[q]))]);
    }

    /// <summary>Adds scores τ = (1/B)·Σ_b s_b² of a replicate, or (1/B)·Σ_b s_b·s′_b where partners are given.</summary>
    /// <param name="inner">s_b, float64 [queries, rows] each.</param>
    /// <param name="partners">s′_b, likewise.</param>
    /// <param name="addUp">See <see cref="QueryScores.SquaresAddUp"/>.</param>
    public void AddSquares(IReadOnlyList<Tensor> inner, IReadOnlyList<Tensor>? partners = null, bool addUp = false)
    {
        _squaresAddUp = addUp;
        for (var q = 0; q < _queries; q++)
        {
            double[][] own = [.. inner.Select(s => Values(s[q]))];
            double[][] other = partners is null ? own : [.. partners.Select(s => Values(s[q]))];
            _inner[q].Add(own);
            if (partners is not null)
                _partners[q].Add(other);
            _scores[q]
                .Add([
                    .. Enumerable.Range(0, own[0].Length).Select(i => own.Zip(other, (s, t) => s[i] * t[i]).Average()),
                ]);
        }
    }

    /// <summary>Adds signed influences, float64 [queries, rows], whose sum over replicates gives the directions.</summary>
    public void AddInfluence(Tensor influence)
    {
        for (var q = 0; q < _queries; q++)
        {
            var own = Values(influence[q]);
            _influence[q] = _influence[q] is { } before ? [.. before.Zip(own, (a, b) => a + b)] : own;
        }
    }

    private static double[] Values(Tensor row) => [.. row.contiguous().data<double>()];

    private MethodScores Finish() =>
        new(
            [
                .. Enumerable
                    .Range(0, _queries)
                    .Select(q => new QueryScores(_scores[q])
                    {
                        Inner = _inner[q].Count > 0 ? _inner[q] : null,
                        SquaresAddUp = _squaresAddUp,
                        Partners = _partners[q].Count > 0 ? _partners[q] : null,
                        Steps = _steps[q].Count > 0 ? _steps[q] : null,
                        Directions = _influence[q] is { } influence
                            ? [.. influence.Select(value => value < 0 ? -1 : 1)]
                            : null,
                    }),
            ],
            _damping
        )
        {
            Curve = _curve?.Points(),
            Refits = _refits.Count > 0 ? new(_refits, _effect!.Value) : null,
            Band = Band([.. _kernels.Select(kernel => kernel.ByDamping).OfType<double[][]>(), .. _bands]),
        };

    // λ at the same place in the band of each kernel, whose scores are averaged.
    private static BandScores? Band(List<double[][]> kernels) =>
        kernels.Count == 0
            ? null
            : BandAverage.Of([
                .. Enumerable
                    .Range(0, kernels[0].Length)
                    .Select(l =>
                        Enumerable
                            .Range(0, kernels[0][l].Length)
                            .Select(i => kernels.Average(kernel => kernel[l][i]))
                            .ToArray()
                    ),
            ]);
}
