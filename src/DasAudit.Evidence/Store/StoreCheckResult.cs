using DasAudit.Evidence.Queries;

namespace DasAudit.Evidence.Store;

/// <summary>What a whole store was found to be.</summary>
/// <param name="Bytes">Size of the database.</param>
/// <param name="Reports">Number of reports counted.</param>
/// <param name="Evaluations">Number of evaluations counted.</param>
/// <param name="Pictures">Number of different small pictures read.</param>
/// <param name="Head">The end of its chain; null for a store of schema 1, or if it cannot be read.</param>
/// <param name="IsChained">Whether the store has a chain.</param>
/// <param name="Findings">What is wrong; at most <see cref="StoreChecker.MostFindings"/>.</param>
internal sealed record StoreCheckResult(
    long Bytes,
    int Reports,
    int Evaluations,
    int Pictures,
    ChainHead? Head,
    bool IsChained,
    IReadOnlyList<StoreFinding> Findings
)
{
    internal bool IsSound => Findings.Count == 0;

    /// <summary>How the index differs from the records; null if it does not, or there is no chain.</summary>
    internal IndexFinding? Index { get; init; }
}
