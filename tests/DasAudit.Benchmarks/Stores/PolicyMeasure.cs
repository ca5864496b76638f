using DasAudit.Evidence.Policies;
using DasAudit.Evidence.Policies.Reading;
using DasAudit.Evidence.Store;

namespace DasAudit.Benchmarks.Stores;

/// <summary>Asks a policy about all reports of a store.</summary>
internal static class PolicyMeasure
{
    private static readonly Policy Policy = PolicyReader.Read(
        """
        {
          "version": 1,
          "minimumEvidence": "moderate",
          "rules": [
            { "rule": "attribution-license", "licenses": ["CC-BY-4.0"], "abovePart": "10%" },
            { "rule": "holder-share", "above": "60%" },
            { "rule": "attribution-opt-out" },
            { "rule": "report-verified" }
          ]
        }
        """u8.ToArray(),
        Policy.DefaultName
    );

    /// <summary>Asks; every report is read and compared with its hash.</summary>
    /// <returns>How many findings there are.</returns>
    public static int Ask(string path)
    {
        using var store = ReportStore.Open(path, StoreAccess.ReadOnly);
        var check = new PolicyCheck(Policy, TimeProvider.System.GetUtcNow());
        StoredReportCheck.Run(store, new(), Policy, check, Describe, CancellationToken.None);
        return check.Outcome().Findings.Count;
    }

    private static CheckedReport Describe(ReportFacts facts) =>
        new()
        {
            Report = facts,
            Name = $"Report {facts.Id}",
            Custody = ReportCustody.Stored,
        };
}
