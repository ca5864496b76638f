namespace DasAudit.Cli.Commands.Audits;

/// <summary>What to audit. Paths are as written, but for the store's.</summary>
/// <param name="Images">The generated pictures; none where the features of a whole dataset are planned.</param>
/// <param name="StorePath">The store, absolute; embeddings and features are kept beside it.</param>
/// <param name="Settings">How the audit is done; null for the way of the demo.</param>
internal sealed record AuditTask(
    IReadOnlyList<string> Images,
    string Model,
    string Dataset,
    string? Encoder,
    string StorePath,
    AuditSettings? Settings
)
{
    /// <summary>Whether pictures are left out on which the store holds such a report already.</summary>
    public bool OnlyMissing { get; init; }
}
