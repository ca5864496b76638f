using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods.Similarity;
using DasAudit.Core.Attribution.Methods.Trak;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Attribution.Methods;

/// <summary>
/// What stands beside a method unless other methods are asked for: the cheapest of the methods that predicted retrained
/// models best, and what pixels alone say. See docs/evaluation.md for the figures.
/// </summary>
public static class SecondOpinions
{
    private static readonly IReadOnlyList<IAttributionMethod> Usual = [PvaMethod.Mini, new PixelRidgeMethod()];

    /// <summary>
    /// Methods beside one that looks at gradients; none beside others, whose features would cost more than they do. What
    /// the settings do not allow is left out.
    /// </summary>
    /// <param name="damping">The rule for all methods; null for each method's own.</param>
    /// <param name="projection">Of gradients.</param>
    /// <param name="comparesPixels">Whether all pictures have one shape, so that their pixels can be compared.</param>
    public static IReadOnlyList<IAttributionMethod> On(
        IAttributionMethod method,
        IDampingRule? damping,
        ProjectionKind projection,
        bool comparesPixels
    )
    {
        ArgumentNullException.ThrowIfNull(method);
        if (!method.Needs.LooksAt.SequenceEqual([MethodNeeds.Gradients]) || !FitsAnyKernel(damping))
            return [];
        return [.. Usual.Where(opinion => !IsAlike(opinion, method)).Where(opinion => IsAllowed(opinion.Needs))];

        // LoGra forms no whole gradients, to which Adam's metric could be applied.
        bool IsAllowed(MethodNeeds needs) => needs.Pixels ? comparesPixels : projection != ProjectionKind.Logra;
    }

    // A fixed λ is of one kernel's scale; recall and gcv look at features that not all methods have.
    private static bool FitsAnyKernel(IDampingRule? damping) =>
        damping is null or DegreesOfFreedom or MeanEigenvalue or DampingBand;

    // The forms of one method are no second opinion on each other.
    private static bool IsAlike(IAttributionMethod opinion, IAttributionMethod method) =>
        Family(opinion) == Family(method);

    private static string Family(IAttributionMethod method) => method.Description.Id.Split('-')[0];
}
