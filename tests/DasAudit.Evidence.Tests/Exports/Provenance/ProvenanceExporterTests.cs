using System.Text.Json.Nodes;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Exports.Provenance;

namespace DasAudit.Evidence.Tests.Exports.Provenance;

/// <summary>PROV-O as JSON-LD, made triples and held against W3C's ontology.</summary>
public class ProvenanceExporterTests
{
    private const string Prov = "http://www.w3.org/ns/prov#";
    private const string Das = ProvenanceExporter.Terms;
    private const string Type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

    public static TheoryData<string> Reports() => ExportedReports.Names();

    [Theory]
    [MemberData(nameof(Reports))]
    public void Every_term_is_the_ontologys_and_stands_between_what_it_may(string name) =>
        Assert.Empty(Violations(Document(ExportedReports.Report(name))));

    public static TheoryData<string, string, string> Mistakes() =>
        new()
        {
            { "audit", "prov:wasGeneratedBy", """{"@id": "urn:x#model"}""" },
            { "audit", "prov:used", """{"@id": "urn:x#tool"}""" },
            { "tool", "prov:generatedAtTime", "\"2026\"" },
            { "query", "prov:wasOwedTo", """{"@id": "urn:x#model"}""" },
            { "report", "@type", "\"prov:Report\"" },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void The_check_finds_mistakes(string part, string member, string value)
    {
        var document = Document(SampleReport.Create());
        var nodes = document["@graph"]!.AsArray();
        var address = ((string)nodes[0]!["@id"]!).Split('#')[0];
        var node = nodes.SingleOrDefault(n => (string?)n!["@id"] == $"{address}#{part}") ?? nodes[4]!;
        node[member] = JsonNode.Parse(value.Replace("urn:x", address, StringComparison.Ordinal));

        Assert.NotEmpty(Violations(document));
    }

    [Fact]
    public void The_audit_used_picture_model_and_dataset_and_was_the_tools()
    {
        var triples = JsonLd.Triples(Document(SampleReport.Create()));
        var audit = triples.Single(t => t.Predicate == Prov + "startedAtTime").Subject;

        var used = Objects(triples, audit, "used").ToList();
        Assert.Equal(4, used.Count);
        Assert.Contains(used, iri => iri.StartsWith("ni:///sha-256;", StringComparison.Ordinal));
        var tool = Objects(triples, audit, "wasAssociatedWith").Single();
        Assert.Equal([Prov + "SoftwareAgent"], Objects(triples, tool, Type));
        var report = triples.Single(t => t.Predicate == Prov + "generatedAtTime").Subject;
        Assert.Equal([audit], Objects(triples, report, "wasGeneratedBy"));
        Assert.Equal(
            "\"2026-03-14T09:26:53.589Z\"^^http://www.w3.org/2001/XMLSchema#dateTime",
            Objects(triples, report, "generatedAtTime").Single()
        );
    }

    [Fact]
    public void Each_listed_picture_is_a_qualified_influence_with_its_score()
    {
        var report = SampleReport.Create(attributions: 3);
        var triples = JsonLd.Triples(Document(report));

        var influences = triples.Where(t => t.Predicate == Prov + "qualifiedInfluence").Select(t => t.Object).ToList();
        Assert.Equal(3, influences.Count);
        foreach (var (influence, picture) in influences.Zip(report.Report.Attributions))
        {
            var entity = Objects(triples, influence, "entity").Single();
            Assert.Equal($"\"{picture.Item}\"^^http://www.w3.org/2001/XMLSchema#string", Label(triples, entity));
            var score = Objects(triples, influence, Das + "score").Single();
            Assert.Equal(
                picture.Score,
                double.Parse(score.Split('"')[1], System.Globalization.CultureInfo.InvariantCulture)
            );
            Assert.EndsWith("#double", score, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_not_established_or_is_resemblance_is_not_asserted_as_influence()
    {
        var report = SampleReport.WithEvidence();
        var notEstablished = report.Report.Attributions.Count(p => p.Strength == EvidenceStrength.NotEstablished);
        var triples = JsonLd.Triples(Document(report));

        Assert.Equal(1, notEstablished);
        Assert.Equal(3, triples.Count(t => t.Predicate == Prov + "qualifiedInfluence"));
        Assert.Equal(1, triples.Count(t => t.Predicate == Das + "scored"));

        var alike = report with { Report = report.Report with { Method = report.Report.Method with { Id = "clip" } } };
        Assert.DoesNotContain(JsonLd.Triples(Document(alike)), t => t.Predicate == Prov + "qualifiedInfluence");
    }

    [Fact]
    public void The_same_file_has_the_same_address_in_every_report()
    {
        var first = JsonLd.Triples(Document(SampleReport.Create(number: 1)));
        var second = JsonLd.Triples(Document(SampleReport.Create(number: 2)));

        var item = first
            .Single(t =>
                t.Object.StartsWith("\"faces/1.png\"", StringComparison.Ordinal)
                && t.Predicate.EndsWith("label", StringComparison.Ordinal)
            )
            .Subject;
        Assert.Contains(second, t => t.Subject == item);
        // By RFC 6920: the digest in Base64 for addresses.
        var digest = Convert.FromHexString(SampleReport.Sha256("item 1"));
        Assert.Equal("ni:///sha-256;" + System.Buffers.Text.Base64Url.EncodeToString(digest), item);
    }

    private static string Label(IEnumerable<Triple> triples, string subject) =>
        triples.Single(t => t.Subject == subject && t.Predicate == "http://www.w3.org/2000/01/rdf-schema#label").Object;

    private static IEnumerable<string> Objects(IEnumerable<Triple> triples, string subject, string predicate) =>
        triples
            .Where(t => t.Subject == subject && (t.Predicate == predicate || t.Predicate == Prov + predicate))
            .Select(t => t.Object);

    private static List<string> Violations(JsonNode document)
    {
        var triples = JsonLd.Triples(document);
        var types = triples.Where(t => t.Predicate == Type).ToLookup(t => t.Subject, t => t.Object);
        var violations = new List<string>();
        foreach (var triple in triples)
        {
            if (triple.Predicate == Type && IsOfProv(triple.Object) && !Ontology.Prov.IsClass(triple.Object))
                violations.Add($"no class: {triple.Object}");
            if (!IsOfProv(triple.Predicate))
                continue;
            if (!Ontology.Prov.IsProperty(triple.Predicate))
                violations.Add($"no property: {triple.Predicate}");
            else if (!Ontology.Prov.AllowsSubject(triple.Predicate, types[triple.Subject]))
                violations.Add($"may not stand before {triple.Predicate}: {triple.Subject}");
            else if (
                Ontology.Prov.IsObjectProperty(triple.Predicate)
                && !Ontology.Prov.AllowsObject(triple.Predicate, types[triple.Object])
            )
                violations.Add($"may not stand after {triple.Predicate}: {triple.Object}");
        }

        return violations;
    }

    private static bool IsOfProv(string iri) => iri.StartsWith(Prov, StringComparison.Ordinal);

    private static JsonNode Document(StoredReport report) => ExportedReports.Document(new ProvenanceExporter(), report);
}
