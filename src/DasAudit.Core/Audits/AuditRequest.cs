using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>What to audit, against what, and how.</summary>
public sealed record AuditRequest
{
    /// <summary>What is looked at.</summary>
    public required AuditInputs Inputs { get; init; }

    /// <summary>How it is looked at.</summary>
    public AuditOptions Options { get; init; } = new();

    /// <summary>Where it runs and what it keeps there.</summary>
    public required AuditMachine Machine { get; init; }

    /// <summary>Who makes the reports.</summary>
    public required AuditProvenance Provenance { get; init; }

    /// <summary>
    /// Evaluations that reports may quote, newest first: those of the same model and dataset are. Default none.
    /// </summary>
    public IReadOnlyList<StoredEvaluation> Evaluations { get; init; } = [];

    /// <summary>
    /// Gives reports on the picture whose file has a SHA-256; pictures on which one says what an audit would say again
    /// are left out. Null for an audit of all.
    /// </summary>
    public Func<string, IReadOnlyList<AuditReport>>? Earlier { get; init; }

    /// <summary>A path as given, made absolute.</summary>
    internal string Resolve(string path) => Path.GetFullPath(path, Machine.WorkingDirectory);
}
