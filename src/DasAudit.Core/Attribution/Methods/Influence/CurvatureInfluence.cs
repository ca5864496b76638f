using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Curvature;

namespace DasAudit.Core.Attribution.Methods.Influence;

/// <summary>Scores that <see cref="EkfacEngine"/> computed, as a method gives them.</summary>
internal static class CurvatureInfluence
{
    /// <exception cref="AuditException">They were not computed.</exception>
    public static MethodScores Score(MethodInputs inputs, string method, Func<EkfacScores, double[][][]> choose)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var scores = choose(
            inputs.Ekfac
                ?? throw new AuditException(
                    $"The method {method} needs passes of its own through the model; let audit make them."
                )
        );
        if (scores.Any(draw => draw.Length != inputs.Queries || draw.Any(row => row.Length != inputs.Rows)))
            throw new AuditException(
                $"The passes that {method} was given are of other pictures than are to be scored; let audit make them anew."
            );
        return new(
            [.. Enumerable.Range(0, inputs.Queries).Select(q => new QueryScores([.. scores.Select(draw => draw[q])]))],
            []
        );
    }
}
