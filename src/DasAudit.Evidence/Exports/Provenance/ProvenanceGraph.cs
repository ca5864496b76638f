using System.Globalization;
using System.Text.Json.Nodes;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Exports.Provenance;

/// <summary>The nodes of a report's provenance.</summary>
internal sealed class ProvenanceGraph(AuditReport report)
{
    private readonly string _query = ReportAddress.OfFile(report.Query.Sha256) ?? ReportAddress.Of(report, "query");
    private readonly ScoreInfo _scores = ScoreInfo.Of(report.Method);

    /// <summary>All of them; a training picture that is listed twice has one node.</summary>
    internal IEnumerable<JsonNode> Nodes =>
        [
            Report(),
            Audit(),
            Tool(),
            .. Auditor(),
            Method(),
            Query(),
            Generation(),
            Model(),
            Training(),
            Dataset(),
            .. Encoder(),
            .. report.Attributions.DistinctBy(Address).Where(picture => Address(picture) != _query).Select(Picture),
        ];

    private JsonObject Report() =>
        Node(
            "report",
            ["prov:Entity"],
            ("rdfs:label", $"report {report.Id}"),
            ("prov:generatedAtTime", Time()),
            ("prov:wasGeneratedBy", Part("audit")),
            ("prov:wasAttributedTo", Part("tool")),
            ("das:limits", new JsonArray([.. report.Limits.Select(limit => JsonValue.Create(limit))]))
        );

    private JsonObject Audit() =>
        Node(
            "audit",
            ["prov:Activity"],
            ("rdfs:label", "the audit"),
            ("prov:startedAtTime", Time()),
            (
                "prov:used",
                new JsonArray([
                    Reference(_query),
                    Part("model"),
                    Part("dataset"),
                    .. report.Encoder is null ? Enumerable.Empty<JsonNode>() : [Part("encoder")],
                ])
            ),
            ("prov:wasAssociatedWith", Agents()),
            (
                "prov:qualifiedAssociation",
                new JsonObject
                {
                    ["@type"] = "prov:Association",
                    ["prov:agent"] = Part("tool"),
                    ["prov:hadPlan"] = Part("method"),
                }
            )
        );

    private JsonObject Tool() =>
        Node(
            "tool",
            ["prov:SoftwareAgent"],
            ("rdfs:label", "das-audit"),
            ("das:version", report.Tool.Version),
            ("das:commit", report.Tool.Commit)
        );

    // As they said; the program knows nobody.
    private IEnumerable<JsonObject> Auditor() =>
        report.Auditor is { } auditor ? [Node("auditor", ["prov:Agent"], ("rdfs:label", auditor))] : [];

    private JsonNode Agents() => report.Auditor is null ? Part("tool") : new JsonArray(Part("tool"), Part("auditor"));

    private JsonObject Method()
    {
        var method = report.Method;
        return Node(
            "method",
            ["prov:Plan"],
            ("rdfs:label", _scores.Title),
            ("das:id", method.Id),
            ("das:meaning", _scores.Meaning),
            ("das:seed", method.Seed.ToString(CultureInfo.InvariantCulture)),
            ("das:projection", method.Projection),
            ("das:damping", method.Damping),
            ("das:residual", method.Residual),
            ("das:replicates", method.Replicates),
            ("das:behaviour", report.Estimand?.Behaviour),
            ("das:intervention", report.Estimand?.Intervention)
        );
    }

    private JsonObject Query() =>
        JsonText.Object(
            ("@id", _query),
            ("@type", new JsonArray("prov:Entity")),
            ("rdfs:label", report.Query.Path),
            ("das:sha256", report.Query.Sha256),
            ("das:pixelSha256", report.Query.PixelSha256),
            ("das:prompt", report.Query.Prompt),
            ("prov:wasGeneratedBy", Part("generation")),
            ("prov:qualifiedInfluence", Scores(influence: true)),
            ("das:scored", Scores(influence: false))
        );

    private JsonObject Generation() =>
        Node(
            "generation",
            ["prov:Activity"],
            ("rdfs:label", "the generation of the picture by the model, as stated by whoever asked for the audit"),
            ("prov:used", Part("model"))
        );

    private JsonObject Model() =>
        Node(
            "model",
            ["prov:Entity"],
            ("rdfs:label", report.Model.Path),
            ("das:weightsSha256", report.Model.WeightsSha256),
            ("das:adapter", report.Model.Adapter),
            ("das:parameters", report.Model.Parameters),
            ("prov:wasGeneratedBy", Part("training"))
        );

    private JsonObject Training() =>
        Node(
            "training",
            ["prov:Activity"],
            ("rdfs:label", "the training of the model on the dataset, as stated by whoever asked for the audit"),
            ("prov:used", Part("dataset"))
        );

    private JsonObject Dataset() =>
        Node(
            "dataset",
            ["prov:Entity", "prov:Collection"],
            ("rdfs:label", report.Dataset.Path),
            ("das:merkleRoot", report.Dataset.Root),
            ("das:pictures", report.Dataset.Count),
            ("prov:hadMember", new JsonArray([.. report.Attributions.Select(Address).Distinct().Select(Reference)]))
        );

    private IEnumerable<JsonObject> Encoder() =>
        report.Encoder is not { } encoder
            ? []
            : [Node("encoder", ["prov:Entity"], ("rdfs:label", encoder.Name), ("das:sha256", encoder.Sha256))];

    private JsonObject Picture(AttributedPicture picture) =>
        JsonText.Object(
            ("@id", Address(picture)),
            ("@type", new JsonArray("prov:Entity")),
            ("rdfs:label", picture.Item),
            ("dcterms:title", picture.Title),
            ("das:sha256", picture.Sha256),
            ("das:license", picture.License),
            ("das:rightsHolder", picture.RightsHolder),
            ("das:author", picture.Author),
            ("das:source", picture.Source)
        );

    // What is not established, or no score of influence at all, is not asserted as influence.
    private JsonArray? Scores(bool influence)
    {
        var pictures = report.Attributions.Where(picture => IsInfluence(picture) == influence).ToList();
        return pictures.Count == 0 ? null : new([.. pictures.Select(picture => Score(picture, influence))]);
    }

    private bool IsInfluence(AttributedPicture picture) =>
        _scores.Kind == ScoreKind.Influence && picture.Strength != EvidenceStrength.NotEstablished;

    private JsonObject Score(AttributedPicture picture, bool influence) =>
        JsonText.Object(
            ("@type", influence ? "prov:EntityInfluence" : "das:Score"),
            (influence ? "prov:entity" : "das:picture", Reference(Address(picture))),
            ("das:item", picture.Item),
            ("das:rank", picture.Rank),
            ("das:score", Double(picture.Score)),
            ("das:standardError", Double(picture.StandardError)),
            ("das:direction", picture.Direction),
            ("das:pValue", Double(picture.PValue)),
            ("das:qValue", Double(picture.QValue)),
            ("das:evidence", picture.Strength?.Name())
        );

    private string Address(AttributedPicture picture) =>
        ReportAddress.OfFile(picture.Sha256)
        ?? ReportAddress.Of(report, string.Create(CultureInfo.InvariantCulture, $"picture-{picture.Rank}"));

    private JsonObject Node(string part, string[] types, params IEnumerable<(string Name, JsonNode? Value)> members) =>
        JsonText.Object([
            ("@id", ReportAddress.Of(report, part)),
            ("@type", new JsonArray([.. types.Select(type => JsonValue.Create(type))])),
            .. members,
        ]);

    private JsonObject Part(string part) => Reference(ReportAddress.Of(report, part));

    private JsonObject Time() =>
        new()
        {
            ["@value"] = report.CreatedUtc.UtcDateTime.ToString(
                "yyyy-MM-ddTHH:mm:ss.fff'Z'",
                CultureInfo.InvariantCulture
            ),
            ["@type"] = "xsd:dateTime",
        };

    private static JsonObject Reference(string address) => new() { ["@id"] = address };

    private static JsonObject? Double(double? value) =>
        value is { } number ? new() { ["@value"] = number, ["@type"] = "xsd:double" } : null;
}
