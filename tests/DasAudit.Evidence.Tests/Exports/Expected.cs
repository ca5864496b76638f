using System.Runtime.CompilerServices;
using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Tests.Exports;

/// <summary>
/// Files that say what an export should be, in <c>Exports/Expected</c>. After a change that is meant, renew them by
/// running these tests with the environment variable <c>DASAUDIT_RENEW_EXPECTED=1</c>, and look at what changed.
/// </summary>
internal static class Expected
{
    internal static string Text(IReportExporter exporter, StoredReport report)
    {
        using var writer = new StringWriter();
        exporter.Export(report, writer);
        return writer.ToString();
    }

    internal static void Equals(string name, string actual, [CallerFilePath] string caller = "")
    {
        if (Environment.GetEnvironmentVariable("DASAUDIT_RENEW_EXPECTED") == "1")
        {
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(caller)!, "Expected", name), actual);
            return;
        }

        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Exports", "Expected", name)), actual);
    }
}
