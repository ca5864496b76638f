using System.Text.Json.Nodes;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Exports.Materials;

namespace DasAudit.Evidence.Tests.Exports.Materials;

public class SpdxExporterTests
{
    public static TheoryData<string> Reports() => ExportedReports.Names();

    [Theory]
    [MemberData(nameof(Reports))]
    public void Every_report_meets_the_published_schema(string name) =>
        PublishedSchema.Spdx.AssertMetBy(Document(ExportedReports.Report(name)));

    [Theory]
    [InlineData("ai_AIPackage", "software_primaryPurpose", "\"picture\"")]
    [InlineData("ai_AIPackage", "creationInfo", null)]
    [InlineData("ai_AIPackage", "influence", "1")]
    [InlineData("dataset_DatasetPackage", "dataset_datasetType", "[]")]
    [InlineData("dataset_DatasetPackage", "dataset_datasetSize", "-1")]
    [InlineData("Relationship", "relationshipType", "\"owes\"")]
    [InlineData("CreationInfo", "created", "\"today\"")]
    public void The_schema_finds_mistakes(string type, string member, string? value)
    {
        var document = Document(SampleReport.Create());
        var element = Elements(document, type).First().AsObject();
        if (value is null)
            element.Remove(member);
        else
            element[member] = JsonNode.Parse(value);

        Assert.False(PublishedSchema.Spdx.IsMetBy(document));
    }

    [Theory]
    [MemberData(nameof(Reports))]
    public void Every_reference_leads_to_an_element_of_the_document(string name)
    {
        var document = Document(ExportedReports.Report(name));
        var ids = Graph(document).Select(element => (string?)element["spdxId"]).OfType<string>().ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
        var references = Graph(document)
            .SelectMany(element =>
                new[] { "from", "to", "subject", "originatedBy", "rootElement", "element", "createdBy" }.SelectMany(
                    member => Texts(element[member])
                )
            );
        Assert.All(references, reference => Assert.Contains(reference, ids));
    }

    [Fact]
    public void The_model_is_trained_on_the_dataset_that_contains_the_pictures_under_their_licences()
    {
        var document = Document(SampleReport.Create(attributions: 3));

        var model = Elements(document, "ai_AIPackage").Single();
        var dataset = Elements(document, "dataset_DatasetPackage").Single();
        var files = Elements(document, "software_File")
            .Where(file => ((string)file["name"]!).StartsWith("faces", StringComparison.Ordinal))
            .ToList();
        Assert.Equal([Id(dataset)], Related(document, "trainedOn", model));
        Assert.Equal(files.Select(Id), Related(document, "contains", dataset));
        var license = Related(document, "hasDeclaredLicense", files[0]).Single();
        var expression = Elements(document, "simplelicensing_LicenseExpression").Single(e => Id(e) == license);
        Assert.Equal("Apache-2.0", (string?)expression["simplelicensing_licenseExpression"]);
        Assert.Equal(("sha256", SampleReport.Sha256("item 1")), Hash(files[0]));
        Assert.Equal(
            "The dataset states as the rights holder: Google LLC",
            (string?)files[0]["software_copyrightText"]
        );
        Assert.Equal(("other", SampleReport.Sha256("weights")), Hash(model));
        Assert.Equal(330, (int?)dataset["dataset_datasetSize"]);
        Assert.Contains(
            Elements(document, "Annotation"),
            note => ((string)note["statement"]!).Contains("score 4.1834E-06", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Conformance_to_profiles_that_ask_for_more_than_a_report_knows_is_not_claimed()
    {
        var profiles = Texts(Elements(Document(SampleReport.Create()), "SpdxDocument").Single()["profileConformance"]);

        Assert.DoesNotContain("ai", profiles);
        Assert.DoesNotContain("dataset", profiles);
    }

    private static (string?, string?) Hash(JsonNode element) =>
        ((string?)element["verifiedUsing"]![0]!["algorithm"], (string?)element["verifiedUsing"]![0]!["hashValue"]);

    private static IEnumerable<string> Related(JsonNode document, string type, JsonNode from) =>
        Elements(document, "Relationship")
            .Where(relation => (string?)relation["relationshipType"] == type && (string?)relation["from"] == Id(from))
            .SelectMany(relation => Texts(relation["to"]));

    private static IEnumerable<string> Texts(JsonNode? node) =>
        node switch
        {
            null => [],
            JsonArray array => array.Select(text => (string)text!),
            _ => [(string)node!],
        };

    private static string Id(JsonNode element) => (string)element["spdxId"]!;

    private static IEnumerable<JsonNode> Elements(JsonNode document, string type) =>
        Graph(document).Where(element => (string?)element["type"] == type);

    private static IEnumerable<JsonNode> Graph(JsonNode document) => document["@graph"]!.AsArray().OfType<JsonNode>();

    private static JsonNode Document(StoredReport report) => ExportedReports.Document(new SpdxExporter(), report);
}
