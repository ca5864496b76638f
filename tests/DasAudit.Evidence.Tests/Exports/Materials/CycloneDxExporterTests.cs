using System.Text.Json.Nodes;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Exports.Materials;

namespace DasAudit.Evidence.Tests.Exports.Materials;

public class CycloneDxExporterTests
{
    public static TheoryData<string> Reports() => ExportedReports.Names();

    [Theory]
    [MemberData(nameof(Reports))]
    public void Every_report_meets_the_published_schema(string name) =>
        PublishedSchema.CycloneDx.AssertMetBy(Document(ExportedReports.Report(name)));

    public static TheoryData<string, string> Mistakes() =>
        new()
        {
            { "specVersion", "7" },
            { "serialNumber", "\"urn:uuid:1\"" },
            { "components", "[{}]" },
            { "components", """[{"type": "picture", "name": "a"}]""" },
            { "components", """[{"type": "data", "name": "a", "hashes": [{"alg": "SHA-256", "content": "xyz"}]}]""" },
            { "components", """[{"type": "data", "name": "a", "licenses": [{"license": {"id": "no such"}}]}]""" },
            { "components", """[{"type": "data", "name": "a", "bom-ref": "a", "influence": 1}]""" },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void The_schema_finds_mistakes(string member, string value)
    {
        var document = Document(SampleReport.Create()).AsObject();
        document[member] = JsonNode.Parse(value);

        Assert.False(PublishedSchema.CycloneDx.IsMetBy(document));
    }

    [Fact]
    public void The_model_is_its_subject_and_depends_on_the_dataset_with_the_listed_pictures()
    {
        var document = Document(SampleReport.Create(attributions: 3));

        var model = document["metadata"]!["component"]!;
        Assert.Equal("machine-learning-model", (string?)model["type"]);
        Assert.Equal("dataset", (string?)model["modelCard"]!["modelParameters"]!["datasets"]![0]!["ref"]);
        Assert.Equal("dataset", (string?)document["dependencies"]![0]!["dependsOn"]![0]);
        var dataset = document["components"]![0]!;
        Assert.Equal(("data", "dataset"), ((string?)dataset["type"], (string?)dataset["bom-ref"]));
        var picture = dataset["components"]![0]!;
        Assert.Equal("faces/1.png", (string?)picture["name"]);
        Assert.Equal(SampleReport.Sha256("item 1"), (string?)picture["hashes"]![0]!["content"]);
        Assert.Equal("Apache-2.0", (string?)picture["licenses"]![0]!["expression"]);
        Assert.Equal("https://example.org/faces/1", (string?)picture["externalReferences"]![0]!["url"]);
        Assert.Contains("das-audit:rightsHolder=Google LLC", Properties(picture));
        Assert.Contains("das-audit:influence:score=4.1834E-06", Properties(picture));
        Assert.Equal(3, dataset["components"]!.AsArray().Count);
    }

    [Fact]
    public void A_hash_over_several_files_does_not_pass_for_that_of_a_file()
    {
        var document = Document(SampleReport.Create());
        var (model, dataset) = (document["metadata"]!["component"]!, document["components"]![0]!);

        Assert.Null(model["hashes"]);
        Assert.Null(dataset["hashes"]);
        Assert.Contains($"das-audit:model:weightsSha256={SampleReport.Sha256("weights")}", Properties(model));
        Assert.Contains($"das-audit:dataset:merkleRoot={SampleReport.Sha256("root")}", Properties(dataset));
    }

    [Fact]
    public void A_licence_that_is_no_expression_stands_as_a_name()
    {
        var pictures = Document(ExportedReports.Report("odd licences"))["components"]![0]!["components"]!.AsArray();

        var licenses = pictures.Select(picture => picture!["licenses"]?[0]).ToList();
        Assert.Equal("MIT OR Apache-2.0", (string?)licenses[0]!["expression"]);
        Assert.Equal("CC-BY-4.0", (string?)licenses[1]!["expression"]);
        Assert.Equal("all rights reserved", (string?)licenses[2]!["license"]!["name"]);
        Assert.Equal("(", (string?)licenses[4]!["license"]!["name"]);
        Assert.Null(licenses[5]);
        Assert.Contains("das-audit:source=a drawer", Properties(pictures[0]!));
        Assert.Null(pictures[0]!["externalReferences"]);
    }

    [Fact]
    public void The_same_report_gives_the_same_bytes() =>
        Assert.Equal(
            Expected.Text(new CycloneDxExporter(), SampleReport.Create()),
            Expected.Text(new CycloneDxExporter(), SampleReport.Create())
        );

    private static IEnumerable<string> Properties(JsonNode component) =>
        component["properties"]!.AsArray().Select(property => $"{property!["name"]}={property["value"]}");

    private static JsonNode Document(StoredReport report) => ExportedReports.Document(new CycloneDxExporter(), report);
}
