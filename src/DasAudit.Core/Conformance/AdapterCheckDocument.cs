namespace DasAudit.Core.Conformance;

/// <summary>All checks of one adapter with one checkpoint; its JSON form is <c>das-audit/adapter-check/1</c>.</summary>
public sealed record AdapterCheckDocument
{
    /// <summary>Name of the check that lists what of golden files was not compared; it never fails.</summary>
    public const string NotCompared = "golden-not-compared";

    /// <summary>Always <c>das-audit/adapter-check/1</c>.</summary>
    public string Schema { get; init; } = "das-audit/adapter-check/1";

    /// <summary>Name of the adapter.</summary>
    public required string Adapter { get; init; }

    /// <summary>Whether every check passed.</summary>
    public required bool Passed { get; init; }

    /// <summary>The checks, in the order in which they were made.</summary>
    public required IReadOnlyList<AdapterCheckResult> Checks { get; init; }
}
