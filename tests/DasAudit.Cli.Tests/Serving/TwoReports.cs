using System.Text.RegularExpressions;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Tests.Serving;

/// <summary>A served store with two reports.</summary>
internal static class TwoReports
{
    public const string Older = "01J9ZQ3V5T8R2N4M6K7H1G0F9E";
    public const string Newer = "01JB000000000000000000000B";

    public static Task<ServedStore> ServeAsync() =>
        ServedStore.StartAsync(
            Stored(ShownReport.Make(Older)),
            Stored(ShownReport.Make(Newer, "generated/wink.png", "Twitter", 0.3))
        );

    /// <summary>The ids of the reports that a list shows, in its order.</summary>
    public static IEnumerable<string> Ids(string html) =>
        Regex.Matches(html, "class=\"claim\" href=\"./reports/([0-9A-Z]+)\"").Select(match => match.Groups[1].Value);

    public static StoredReport Stored(AuditReport report) =>
        new(report, new Dictionary<string, byte[]> { [report.Query.Sha256] = TinyPng.Create(250, 200, 20, 8) });
}
