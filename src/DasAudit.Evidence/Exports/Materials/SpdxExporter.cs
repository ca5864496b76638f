using System.Text.Json.Nodes;

namespace DasAudit.Evidence.Exports.Materials;

/// <summary>
/// SPDX 3.0.1 as JSON-LD: the model as an <c>AIPackage</c>, its dataset as a <c>DatasetPackage</c>, the listed training
/// pictures as files with the licences that the dataset states.
/// </summary>
/// <remarks>
/// https://spdx.github.io/spdx-spec/v3.0.1/. The classes of the profiles AI and Dataset are used. Conformance to these
/// profiles is not claimed: they ask for supplier, version, release time and place of download, which no report knows.
/// </remarks>
public sealed class SpdxExporter : IReportExporter
{
    /// <inheritdoc/>
    public string Format => "spdx";

    /// <inheritdoc/>
    public string Ending => "spdx3.json";

    /// <inheritdoc/>
    public void Export(StoredReport report, TextWriter writer) =>
        JsonText.Write(
            new JsonObject
            {
                ["@context"] = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
                ["@graph"] = new JsonArray([.. new SpdxElements(report.Report).All]),
            },
            writer
        );
}
