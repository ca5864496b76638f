using System.Text.Json;
using DasAudit.Evidence.Store;

namespace DasAudit.Evidence.Policies;

/// <summary>Asks a policy about the reports of a store that meet a filter.</summary>
internal static class StoredReportCheck
{
    private const int Together = 128;

    /// <summary>Checks them; while some are checked the next are read.</summary>
    /// <param name="describe">Makes of a report's facts what is asked about; called by another thread.</param>
    internal static void Run(
        ReportStore store,
        ReportFilter filter,
        Policy policy,
        PolicyCheck check,
        Func<ReportFacts, CheckedReport> describe,
        CancellationToken cancellation
    )
    {
        var running = Task.FromResult<IReadOnlyList<PolicyFinding>>([]);
        var reports = 0;
        store.ReadTexts(
            filter,
            Together,
            texts =>
            {
                cancellation.ThrowIfCancellationRequested();
                Take();
                reports = texts.Count;
                running = Task.Run(() => Findings(texts), cancellation);
            }
        );
        Take();

        void Take() => check.Add(reports, running.GetAwaiter().GetResult());

        IReadOnlyList<PolicyFinding> Findings(IReadOnlyList<StoredText> texts) =>
            [
                .. texts
                    .AsParallel()
                    .AsOrdered()
                    .SelectMany(text => PolicyCheck.FindingsOf(policy, describe(Read(text)))),
            ];
    }

    private static ReportFacts Read(StoredText text)
    {
        try
        {
            return ReportFacts.Read(text.Json);
        }
        catch (JsonException e)
        {
            throw new AuditException($"The stored report {text.Id} cannot be read by this das-audit.", e);
        }
    }
}
