using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution;

/// <summary>A method whose formula holds the inverse of a kernel of its first kind of features.</summary>
internal abstract class KernelMethod : FeatureMethod
{
    /// <summary>Scores are s of the formula, or s²; over a set s adds up, and of a variance s² does.</summary>
    protected abstract SetEffect Effect { get; }

    /// <summary>Whether scores are what leaving out one picture changes, so that refits can tell it of a set.</summary>
    protected virtual bool HasRefits => true;

    /// <summary>The features whose influence on the loss gives directions; null for a method without.</summary>
    protected virtual FeatureKind? Loss => null;

    private bool Squared => Effect != SetEffect.Change;

    /// <summary>s, float64 [m, scored pictures] with each λ: m rows of one query after the other.</summary>
    protected abstract BandValues Formula(DampedKernel kernel, MethodOptions options);

    protected virtual IEnumerable<KernelSource> Kernels(Replicate replicate) =>
        replicate.KernelsOf(Needs.Features[0].Kinds[0]);

    protected override void Score(Replicate replicate, ScoreSheet sheet)
    {
        var byKernel = new List<BandValues>();
        foreach (var source in Kernels(replicate))
            byKernel.Add(Score(source, replicate, sheet));
        if (Squared)
            sheet.AddSquares([.. byKernel.SelectMany(s => s.ByDamping)], addUp: Effect == SetEffect.Variance);
        else
            AddMean(stack(byKernel.Select(s => s.Mean())).mean([0L]), replicate.Inputs, sheet);
    }

    protected virtual void AddMean(Tensor mean, MethodInputs inputs, ScoreSheet sheet) => sheet.AddScores(mean);

    private BandValues Score(KernelSource source, Replicate replicate, ScoreSheet sheet)
    {
        replicate.Cancellation.ThrowIfCancellationRequested();
        var options = replicate.Options;
        using var kernel = DampedKernel.Of(source, Description, options);
        sheet.AddKernel(kernel, Squared);
        var values = Formula(kernel, options);
        sheet.AddBand(values, Squared);
        if (HasRefits)
            sheet.AddRefits(kernel, Effect, Residuals(kernel, options));
        if (Loss is { } loss)
            sheet.AddInfluence(kernel.LossInfluence(loss));
        return values;
    }

    private Func<double, Tensor>? Residuals(DampedKernel kernel, MethodOptions options) =>
        Description.Residuals ? damping => kernel.Residuals(options.Residual, damping) : null;
}
