using System.Globalization;
using System.Text.Json.Serialization;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>Which methods pass checks that tell what no method should fail.</summary>
public sealed record SanityResult : EvaluationResult
{
    /// <inheritdoc/>
    public override string Schema => "das-audit/sanity/1";

    /// <inheritdoc/>
    public override string Setting =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{QueryWords(Generated, HeldOut)}, {Replicates} noise draws, {Subsets} models of random halves"
        );

    /// <inheritdoc/>
    public override IReadOnlyList<EvaluationFinding> Findings =>
        [.. Methods.Select(method => new EvaluationFinding(method.Method, Sentence(method)))];

    /// <summary>Training pictures.</summary>
    public required int Pictures { get; init; }

    /// <summary>Queries that the model generated.</summary>
    public required int Generated { get; init; }

    /// <summary>Queries that the model neither generated nor saw.</summary>
    public required int HeldOut { get; init; }

    /// <summary>Noise draws.</summary>
    public required int Replicates { get; init; }

    /// <summary>Models of random halves that were asked.</summary>
    public required int Subsets { get; init; }

    /// <summary>What was checked.</summary>
    public required IReadOnlyList<SanityCheck> Checks { get; init; }

    /// <summary>What was found, in the order in which methods were asked for.</summary>
    public required IReadOnlyList<MethodSanity> Methods { get; init; }

    /// <summary>Whether no method fails a check.</summary>
    public bool Passed => Methods.All(method => method.Findings.All(finding => finding.Status != SanityStatus.Failed));

    private static string Sentence(MethodSanity method)
    {
        var asked = method.Findings.Count(finding => finding.Status != SanityStatus.NotApplicable);
        var failed = method.Findings.Where(finding => finding.Status == SanityStatus.Failed).ToList();
        if (failed.Count == 0)
            return $"{method.Method} passes all {asked} checks of its sanity that apply.";
        var passed = asked - failed.Count;
        var reasons = failed.Select(finding => $"{finding.Check}: {finding.Sentence}");
        return $"{method.Method} passes {passed} of the {asked} checks of its sanity that apply and fails "
            + string.Join(" ", reasons);
    }
}

/// <summary>A check.</summary>
/// <param name="Id">In tables and documents.</param>
/// <param name="Question">What it asks.</param>
/// <param name="Figure">What its figure is, and when it passes.</param>
public sealed record SanityCheck(string Id, string Question, string Figure);

/// <summary>What was found of a method.</summary>
/// <param name="Method">Its id.</param>
/// <param name="Findings">One for each check, in their order.</param>
public sealed record MethodSanity(string Method, IReadOnlyList<SanityFinding> Findings);

/// <summary>What a check found of a method.</summary>
/// <param name="Check">Its id.</param>
public sealed record SanityFinding(string Check, SanityStatus Status)
{
    /// <summary>The figure; null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Value { get; init; }

    /// <summary>Of the middle 95 % of bootstrap draws over queries; null where the figure is no mean.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Low { get; init; }

    /// <summary>Likewise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? High { get; init; }

    /// <summary>What the figure is held against.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Threshold { get; init; }

    /// <summary>Why it failed or was not asked, or what else the reader should know; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sentence { get; init; }

    internal static SanityFinding NotApplicable(string check, string sentence) =>
        new(check, SanityStatus.NotApplicable) { Sentence = sentence };

    /// <param name="sentence">Of a failure.</param>
    internal static SanityFinding Of(string check, bool passed, Interval figure, double threshold, string sentence) =>
        new(check, passed ? SanityStatus.Passed : SanityStatus.Failed)
        {
            Value = figure.Value,
            Low = figure.Low,
            High = figure.High,
            Threshold = threshold,
            Sentence = passed ? null : sentence,
        };
}

/// <summary>How a check ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SanityStatus>))]
public enum SanityStatus
{
    /// <summary>The figure is clearly on the right side of the threshold.</summary>
    [JsonStringEnumMemberName("passed")]
    Passed,

    /// <summary>It is not.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The method, the model or the request has nothing that could be asked.</summary>
    [JsonStringEnumMemberName("not applicable")]
    NotApplicable,
}
