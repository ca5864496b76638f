namespace DasAudit.Evidence.Policies;

/// <summary>What a rule of policies is, for people; the same for every policy that has it.</summary>
internal sealed record RuleDescription
{
    /// <summary>Never changes its meaning: <c>DAS0001</c>.</summary>
    internal required string Id { get; init; }

    /// <summary>What policies call it: <c>attribution-license</c>.</summary>
    internal required string Name { get; init; }

    /// <summary>What it forbids or asks for, in one line.</summary>
    internal required string Title { get; init; }

    /// <summary>What it looks at and why; whole sentences.</summary>
    internal required string Explanation { get; init; }

    /// <summary>What to do where it is hit; whole sentences.</summary>
    internal required string Remedy { get; init; }

    /// <summary>Unless a policy says another.</summary>
    internal required PolicySeverity Severity { get; init; }

    /// <summary>What a policy may say of it, beside <c>rule</c> and <c>severity</c>, each with what it is.</summary>
    internal IReadOnlyList<(string Name, string Meaning)> Members { get; init; } = [];

    /// <summary>The rule as a policy may have it.</summary>
    internal required string Example { get; init; }
}
