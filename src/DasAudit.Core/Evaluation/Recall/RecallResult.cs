using System.Globalization;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation.Recall;

/// <summary>What rankings lose where an encoder chooses which training pictures are scored.</summary>
public sealed record RecallResult : EvaluationResult
{
    /// <inheritdoc/>
    public override string Schema => "das-audit/recall/1";

    /// <inheritdoc/>
    public override string Setting =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Queries} pictures, background {Background?.ToString(CultureInfo.InvariantCulture) ?? "all"}, "
                + $"{string.Join(" and ", Encoders.Select(encoder => encoder.Words))}"
        );

    /// <inheritdoc/>
    public override IReadOnlyList<EvaluationFinding> Findings =>
        [
            .. Encoders.SelectMany(encoder =>
                encoder
                    .Limits[0]
                    .Methods.Select(method => new EvaluationFinding(method.Method, Sentence(encoder, method.Method)))
            ),
        ];

    /// <summary>Training pictures.</summary>
    public required int Pictures { get; init; }

    /// <summary>Queries, generated and held-out.</summary>
    public required int Queries { get; init; }

    /// <summary>Random other pictures in the kernel of candidates; null for all.</summary>
    public required int? Background { get; init; }

    /// <summary>How many pictures an audit's semantic tier brings in unless told otherwise.</summary>
    public required int UsualLimit { get; init; }

    /// <summary>
    /// Seconds in which what the methods look at was computed, or read where it was kept, for all training pictures.
    /// </summary>
    public required double GradientSeconds { get; init; }

    /// <summary>By encoder.</summary>
    public required IReadOnlyList<EncoderRecall> Encoders { get; init; }

    private static string Sentence(EncoderRecall encoder, string method)
    {
        var found = encoder.Limits.Select(limit =>
        {
            var top = limit.Methods.First(ofLimit => ofLimit.Method == method).Tops[0].InRanking;
            var part = limit.Part.ToString("0.#%", CultureInfo.InvariantCulture);
            return $"{part}: {Figure(top.Value)} ({Figure(top.Low)} … {Figure(top.High)})";
        });
        return $"{method}: where {encoder.Words} chooses a part of the pictures to score, so much of its first "
            + $"{encoder.Limits[0].Methods[0].Tops[0].Top} of all pictures is found: {string.Join(", ", found)}.";
    }
}

/// <summary>What is lost with one encoder.</summary>
/// <param name="Limits">The largest first.</param>
public sealed record EncoderRecall(string Encoder, string Sha256, IReadOnlyList<LimitRecall> Limits)
{
    internal string Words => $"encoder {Encoder} {Sha256[..8]}";
}

/// <summary>What is lost where the semantic tier brings in so many pictures.</summary>
/// <param name="Limit">The size of the semantic tier.</param>
/// <param name="Part">The same as a part of the training pictures.</param>
/// <param name="Candidates">Mean number of candidates of a query, of all tiers.</param>
/// <param name="Work">
/// Part of the training pictures whose features are needed: candidates and background of all queries together.
/// </param>
/// <param name="Methods">In the order in which they were asked for.</param>
public sealed record LimitRecall(
    int Limit,
    double Part,
    double Candidates,
    double Work,
    IReadOnlyList<MethodRecall> Methods
);

/// <summary>What one method loses.</summary>
/// <param name="Seconds">In which it scored all queries.</param>
/// <param name="Tops">By length of the top list and by what it is the top of.</param>
public sealed record MethodRecall(string Method, double Seconds, IReadOnlyList<TopRecall> Tops);

/// <summary>How much of a top list is left.</summary>
/// <param name="Reference">What it is the top of: <c>full-ranking</c>, the method's ranking of all pictures.</param>
/// <param name="Top">Its length.</param>
/// <param name="AmongCandidates">Part of it that is among the candidates.</param>
/// <param name="InRanking">Part of it that is in the top list, as long, of the ranking of the candidates alone.</param>
public sealed record TopRecall(string Reference, int Top, Interval AmongCandidates, Interval InRanking);
