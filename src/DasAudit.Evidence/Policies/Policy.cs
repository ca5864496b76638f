namespace DasAudit.Evidence.Policies;

/// <summary>What a project allows, as its policy file says.</summary>
internal sealed record Policy
{
    /// <summary>What the file is called by default.</summary>
    internal const string DefaultName = "das-audit.policy.json";

    /// <summary>The version of the file's form.</summary>
    internal const int Version = 1;

    /// <summary>The file, as given.</summary>
    internal required string File { get; init; }

    /// <summary>In the order of the file.</summary>
    internal required IReadOnlyList<PolicyRule> Rules { get; init; }

    /// <summary>In the order of the file.</summary>
    internal required IReadOnlyList<Waiver> Waivers { get; init; }

    /// <summary>What an expired waiver does.</summary>
    internal PolicySeverity ExpiredWaivers { get; init; } = RuleCatalog.WaiverExpired.Severity;

    /// <summary>Patterns of the shipped pictures, relative to the file's folder; empty if not stated.</summary>
    internal IReadOnlyList<string> Pictures { get; init; } = [];

    /// <summary>Public keys that must have signed bundles, relative to the file's folder.</summary>
    internal IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Whether it has a rule of a kind.</summary>
    internal bool Has<TRule>() => Rules.OfType<TRule>().Any();
}
