using System.Text.Json.Nodes;

namespace DasAudit.Evidence.Exports.Provenance;

/// <summary>
/// W3C PROV-O as JSON-LD: the audit as an activity, the tool as an agent, picture, model, dataset and training pictures
/// as entities, and what a picture is owed to as qualified influence with its score.
/// </summary>
/// <remarks>https://www.w3.org/TR/prov-o/. The context stands in the document: nothing is fetched to read it.</remarks>
public sealed class ProvenanceExporter : IReportExporter
{
    /// <summary>Where terms are that PROV has none for; what they mean is that of the report's member.</summary>
    internal const string Terms = "urn:das-audit:terms:1:";

    /// <inheritdoc/>
    public string Format => "prov";

    /// <inheritdoc/>
    public string Ending => "prov.jsonld";

    /// <inheritdoc/>
    public void Export(StoredReport report, TextWriter writer)
    {
        var document = new JsonObject
        {
            ["@context"] = new JsonObject
            {
                ["prov"] = "http://www.w3.org/ns/prov#",
                ["rdfs"] = "http://www.w3.org/2000/01/rdf-schema#",
                ["dcterms"] = "http://purl.org/dc/terms/",
                ["xsd"] = "http://www.w3.org/2001/XMLSchema#",
                ["das"] = Terms,
            },
            ["@graph"] = new JsonArray([.. new ProvenanceGraph(report.Report).Nodes]),
        };
        JsonText.Write(document, writer);
    }
}
