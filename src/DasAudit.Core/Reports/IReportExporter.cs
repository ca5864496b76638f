namespace DasAudit.Core.Reports;

/// <summary>Writes a report in one format.</summary>
public interface IReportExporter
{
    /// <summary>What <c>--format</c> calls it: <c>json</c>, <c>html</c>, <c>csv</c>, <c>md</c> ….</summary>
    string Format { get; }

    /// <summary>How names of its files end, after a dot; default <see cref="Format"/>.</summary>
    string Ending => Format;

    /// <summary>Writes the whole report; the writer stays open.</summary>
    void Export(StoredReport report, TextWriter writer);
}
