namespace DasAudit.Evidence.Policies;

/// <summary>Something that hits a rule.</summary>
internal sealed record PolicyFinding
{
    /// <summary>The rule.</summary>
    internal required RuleDescription Rule { get; init; }

    internal required PolicySeverity Severity { get; init; }

    /// <summary>What is wrong and what to do; whole sentences.</summary>
    internal required string Message { get; init; }

    internal required FindingSubject Subject { get; init; }

    /// <summary>What waives it; null for nothing.</summary>
    internal Waiver? Waiver { get; init; }

    /// <summary>See <see cref="FindingSubject.Fingerprint"/>.</summary>
    internal string Fingerprint => Subject.Fingerprint(Rule.Id);
}
