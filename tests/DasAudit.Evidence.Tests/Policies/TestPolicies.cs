using System.Text;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Policies;
using DasAudit.Evidence.Policies.Reading;

namespace DasAudit.Evidence.Tests.Policies;

/// <summary>Policies and what they are asked about.</summary>
internal static class TestPolicies
{
    internal const string File = "das-audit.policy.json";

    internal static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A policy with these rules, and waivers, as JSON.</summary>
    internal static Policy Of(string rules, string waivers = "", string further = "") =>
        Read($$"""{ "version": 1, {{further}} "rules": [{{rules}}], "waivers": [{{waivers}}] }""");

    internal static Policy Read(string json) => PolicyReader.Read(Encoding.UTF8.GetBytes(json), File);

    /// <summary>A stored report.</summary>
    internal static CheckedReport Stored(AuditReport report) =>
        new()
        {
            Report = ReportFacts.Of(report),
            Name = $"Report {report.Id}",
            Custody = ReportCustody.Stored,
        };

    /// <summary>What hits a policy in a report.</summary>
    internal static IReadOnlyList<PolicyFinding> Ask(Policy policy, CheckedReport report)
    {
        var check = new PolicyCheck(policy, Now);
        check.Add(report);
        return check.Outcome().Findings;
    }
}
