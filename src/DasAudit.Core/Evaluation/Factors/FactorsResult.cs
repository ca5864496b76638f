using System.Globalization;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation.Factors;

/// <summary>How often the first pictures of a ranking share what is stated of the query.</summary>
public sealed record FactorsResult : EvaluationResult
{
    /// <inheritdoc/>
    public override string Schema => "das-audit/factors/1";

    /// <inheritdoc/>
    public override string Setting =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Queries} held-out pictures, by {string.Join(" and ", Factors.Select(factor => factor.Factor))}"
        );

    /// <inheritdoc/>
    public override IReadOnlyList<EvaluationFinding> Findings =>
        [
            .. Factors[0]
                .Methods.Select(method => new EvaluationFinding(
                    method.Method,
                    $"{method.Method}: {string.Join("; ", Factors.Select(factor => factor.Words(method.Method)))}."
                )),
        ];

    /// <summary>Training pictures.</summary>
    public required int Pictures { get; init; }

    /// <summary>Held-out queries.</summary>
    public required int Queries { get; init; }

    /// <summary>Each factor, and, if there are several, all of them at once.</summary>
    public required IReadOnlyList<FactorPrecision> Factors { get; init; }
}

/// <summary>How precisely rankings follow one factor.</summary>
/// <param name="Factor">The key, as <c>--by</c> names it; several are joined by <c>+</c>.</param>
/// <param name="Queries">Held-out pictures of which it is stated, whose value a training picture has too.</param>
/// <param name="Chance">
/// Part of the training pictures that share the query's value, mean over queries: the precision of a random order.
/// </param>
/// <param name="Methods">In the order in which they were asked for.</param>
public sealed record FactorPrecision(string Factor, int Queries, double Chance, IReadOnlyList<MethodPrecision> Methods)
{
    internal string Words(string method)
    {
        var top = Methods.First(ofMethod => ofMethod.Method == method).Tops[^1];
        return $"of its first {top.Top} training pictures for a picture, "
            + $"{EvaluationResult.Figure(top.Precision.Value)} "
            + $"({EvaluationResult.Figure(top.Precision.Low)} … {EvaluationResult.Figure(top.Precision.High)}) have "
            + $"the same {Factor}, against {EvaluationResult.Figure(Chance)} by chance";
    }
}

/// <summary>What one method's rankings share with the query.</summary>
public sealed record MethodPrecision(string Method, IReadOnlyList<TopPrecision> Tops);

/// <summary>What the top of a ranking shares with the query.</summary>
/// <param name="Top">Its length.</param>
/// <param name="Precision">Part of it that shares the query's value, mean over queries, in [0, 1].</param>
public sealed record TopPrecision(int Top, Interval Precision);
