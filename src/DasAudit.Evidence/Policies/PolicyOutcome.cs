namespace DasAudit.Evidence.Policies;

/// <summary>How much a policy was asked about.</summary>
internal sealed record CheckedCounts
{
    public int Reports { get; init; }

    public int Pictures { get; init; }

    public int Datasets { get; init; }

    public int Models { get; init; }
}

/// <summary>What a policy was asked about, and what hit it.</summary>
/// <param name="Findings">Those that are waived among them.</param>
internal sealed record PolicyOutcome(Policy Policy, CheckedCounts Counts, IReadOnlyList<PolicyFinding> Findings)
{
    /// <summary>Of what findings are about, for forms that show them.</summary>
    internal FindingPictures Pictures { get; init; } = FindingPictures.None;

    /// <summary>Those that nobody waived.</summary>
    internal IEnumerable<PolicyFinding> Unwaived => Findings.Where(finding => finding.Waiver is null);

    internal int Waived => Findings.Count(finding => finding.Waiver is not null);

    /// <summary>How many that nobody waived are of a severity.</summary>
    internal int Count(PolicySeverity severity) => Unwaived.Count(finding => finding.Severity == severity);

    /// <summary>Whether there is an error that nobody waived.</summary>
    internal bool IsHit => Unwaived.Any(finding => finding.Severity == PolicySeverity.Error);

    /// <summary>The same with every warning an error.</summary>
    internal PolicyOutcome WithWarningsAsErrors() => this with { Findings = [.. Findings.Select(AsError)] };

    private static PolicyFinding AsError(PolicyFinding finding) =>
        finding.Severity == PolicySeverity.Warning ? finding with { Severity = PolicySeverity.Error } : finding;
}
