namespace DasAudit.Evidence.Exports;

/// <summary><c>das-audit/report/1</c>: the very bytes that the store keeps, without a line end after.</summary>
public sealed class JsonExporter : IReportExporter
{
    /// <inheritdoc/>
    public string Format => "json";

    /// <inheritdoc/>
    public void Export(StoredReport report, TextWriter writer) => writer.Write(ReportJson.Serialize(report.Report));
}
