using System.Globalization;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Damping;

namespace DasAudit.Core.Evaluation;

/// <summary>A method under some options, and how its scores become what is said of a set of pictures.</summary>
/// <param name="Id">In tables: the method's id, with what is other than usual after it.</param>
/// <param name="UsesRefits">Whether a set counts for its exact effect instead of the sum of its scores.</param>
internal sealed record MethodVariant(string Id, IAttributionMethod Method, MethodOptions Options, bool UsesRefits)
{
    /// <summary>Parts of the degrees of freedom, for a curve.</summary>
    public static IReadOnlyList<double> CurveFractions { get; } = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5];

    /// <summary>As the request has it.</summary>
    public static MethodVariant Usual(IAttributionMethod method, MethodOptions options) =>
        new(method.Description.Id, method, options, UsesRefits: false);

    /// <summary>With sets by their exact effect; see <see cref="MethodScores.Refits"/>.</summary>
    public static MethodVariant Sets(IAttributionMethod method, MethodOptions options) =>
        new($"{method.Description.Id} (sets)", method, options with { WithRefits = true }, UsesRefits: true);

    /// <summary>With other dampings than the method's own; none for a method without a rule.</summary>
    public static IEnumerable<MethodVariant> Curve(IAttributionMethod method, MethodOptions options) =>
        method.Description.Damping is null
            ? []
            : CurveFractions.Select(fraction =>
            {
                var rule = new DegreesOfFreedom(fraction);
                var id = string.Create(CultureInfo.InvariantCulture, $"{method.Description.Id} {rule}");
                return new MethodVariant(id, method, options with { Damping = rule }, UsesRefits: false);
            });
}
