using DasAudit.Evidence.Store;

namespace DasAudit.Evidence.Pages;

/// <summary>Reports as a page lists them.</summary>
/// <param name="Store">The store's file.</param>
/// <param name="Form">What was asked for.</param>
/// <param name="All">Every report of the store, newest first.</param>
/// <param name="Matches">Those that meet the filter, newest first.</param>
internal sealed record ReportList(
    string Store,
    FilterForm Form,
    IReadOnlyList<ReportSummary> All,
    IReadOnlyList<ReportSummary> Matches
)
{
    /// <summary>Reports on one page.</summary>
    internal const int PageLength = 25;

    internal int Pages => Math.Max(1, (Matches.Count + PageLength - 1) / PageLength);

    /// <summary>The page that is shown: the last, where a later one was asked for.</summary>
    internal int Page => Math.Min(Form.Page, Pages);

    /// <summary>The reports on it.</summary>
    internal IReadOnlyList<ReportSummary> OnPage => [.. Matches.Skip((Page - 1) * PageLength).Take(PageLength)];

    /// <summary>The same, read; set once <see cref="OnPage"/> is known.</summary>
    internal IReadOnlyList<ListedReport> Read { get; init; } = [];
}
