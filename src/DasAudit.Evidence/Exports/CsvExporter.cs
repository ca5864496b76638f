using DasAudit.Core.Files;
using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports;

/// <summary><see cref="PictureData"/> as CSV, see <see cref="CsvText"/>.</summary>
public sealed class CsvExporter : IReportExporter
{
    /// <inheritdoc/>
    public string Format => "csv";

    /// <inheritdoc/>
    public void Export(StoredReport report, TextWriter writer) =>
        CsvText.Write(
            writer,
            PictureData.Columns.Select(column => column.Name),
            report.Report.Attributions.Select(picture =>
                PictureData.Columns.Select(column => column.Value(report.Report, picture))
            )
        );
}
