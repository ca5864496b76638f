using DasAudit.Core.Attribution.Kernel;

namespace DasAudit.Core.Attribution.Sets;

/// <summary>Gathers what leaving out sets of members would change; nothing where one kernel cannot say it.</summary>
internal sealed class RefitGatherer
{
    private const double LeastDamping = 1e-8;

    private readonly List<LinearInfluence> _kernels = [];
    private SetEffect _effect;
    private bool _silenced;

    /// <summary>Adds a kernel; with several λ, hardly any, or too large a hat matrix it cannot say it.</summary>
    /// <param name="effect">The same for all kernels.</param>
    public void Add(
        RidgeKernel kernel,
        IReadOnlyList<double> dampings,
        int members,
        SetEffect effect,
        Func<double, LinearInfluence> refit
    )
    {
        _effect = effect;
        var isDamped = dampings.Count == 1 && dampings[0] > LeastDamping * kernel.Eigenvalues[0];
        var fits = (_kernels.Count + 1L) * members * members <= RefitInfluence.MostValues;
        _silenced = _silenced || !isDamped || !fits;
        if (_silenced)
            _kernels.Clear();
        else
            _kernels.Add(refit(dampings[0]));
    }

    public RefitInfluence? Finish() => _kernels.Count > 0 ? new(_kernels, _effect) : null;
}
