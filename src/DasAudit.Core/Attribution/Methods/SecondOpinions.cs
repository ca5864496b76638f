using DasAudit.Core.Attribution.Methods.Similarity;
using DasAudit.Core.Attribution.Methods.Trak;

namespace DasAudit.Core.Attribution.Methods;

/// <summary>
/// What stands beside a method unless other methods are asked for: the cheapest of the methods that predicted retrained
/// models best, and what pixels alone say. See docs/evaluation.md for the figures.
/// </summary>
public static class SecondOpinions
{
    private static readonly IReadOnlyList<IAttributionMethod> Usual = [PvaMethod.Mini, new PixelRidgeMethod()];

    /// <summary>
    /// Methods beside one that looks at gradients; none beside others, whose features would cost more than they do.
    /// </summary>
    /// <param name="comparesPixels">Whether all pictures have one shape, so that their pixels can be compared.</param>
    public static IReadOnlyList<IAttributionMethod> On(IAttributionMethod method, bool comparesPixels)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (!method.Needs.LooksAt.SequenceEqual([MethodNeeds.Gradients]))
            return [];
        return [.. Usual.Where(opinion => (comparesPixels || !opinion.Needs.Pixels) && !IsAlike(opinion, method))];
    }

    // The forms of one method are no second opinion on each other.
    private static bool IsAlike(IAttributionMethod opinion, IAttributionMethod method) =>
        Family(opinion) == Family(method);

    private static string Family(IAttributionMethod method) => method.Description.Id.Split('-')[0];
}
