using System.Text.Json.Nodes;
using DasAudit.Core.Datasets.Licenses;
using DasAudit.Core.Models;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Exports.Materials;

/// <summary>The elements of a report's SPDX document.</summary>
internal sealed class SpdxElements
{
    private const string Creation = "_:creation";
    private const string SpecVersion = "3.0.1";

    private readonly AuditReport _report;
    private readonly List<JsonObject> _elements = [];
    private readonly Dictionary<string, string> _licenses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _authors = new(StringComparer.Ordinal);

    /// <summary>Makes them all.</summary>
    internal SpdxElements(AuditReport report)
    {
        _report = report;
        AddAgent();
        AddModel();
        AddModelFiles();
        AddDataset();
        AddQuery();
        AddRelationship("trained-on", "trainedOn", "model", ["dataset"]);
        AddRelationship("generated", "generates", "model", ["audited-picture"]);
        var pictures = report.Attributions.Select(AddPicture).ToList();
        if (pictures.Count > 0)
            AddRelationship("pictures", "contains", "dataset", pictures);
    }

    /// <summary>The document, what it says of its making, and its elements.</summary>
    internal IEnumerable<JsonNode> All => [CreationInfo(), Document(), .. _elements];

    private JsonObject CreationInfo() =>
        new()
        {
            ["type"] = "CreationInfo",
            ["@id"] = Creation,
            ["specVersion"] = SpecVersion,
            ["created"] = JsonText.Seconds(_report.CreatedUtc),
            ["createdBy"] = new JsonArray(Id("das-audit")),
        };

    private JsonObject Document() =>
        JsonText.Object(
            ("type", "SpdxDocument"),
            ("spdxId", ReportAddress.Of(_report)),
            ("creationInfo", Creation),
            ("name", $"das-audit report {_report.Id}"),
            ("profileConformance", new JsonArray("core", "software", "simpleLicensing")),
            ("rootElement", new JsonArray(Id("model"))),
            ("element", new JsonArray([.. _elements.Select(element => element["spdxId"]!.DeepClone())]))
        );

    private void AddAgent() =>
        Add("SoftwareAgent", "das-audit", ("name", "das-audit"), ("description", $"version {_report.Tool.Version}"));

    private void AddModel() =>
        Add(
            "ai_AIPackage",
            "model",
            ("name", _report.Model.Path),
            ("software_primaryPurpose", "model"),
            ("ai_informationAboutTraining", "Whoever asked for the audit says that it was trained on the dataset."),
            ("ai_limitation", string.Join(' ', _report.Limits) is { Length: > 0 } limits ? limits : null),
            ("verifiedUsing", OtherHash(_report.Model.WeightsSha256, "SHA-256 over names and hashes of its files."))
        );

    private void AddModelFiles()
    {
        if (_report.Model.Files is not { Count: > 0 } files)
            return;
        AddRelationship("model-files", "contains", "model", [.. files.Select(AddModelFile)]);
    }

    private string AddModelFile(ModelFile file, int index)
    {
        var part = $"model-file-{JsonText.Number(index + 1)}";
        Add("software_File", part, ("name", file.Name), ("verifiedUsing", FileHash(file.Sha256)));
        return part;
    }

    private void AddDataset() =>
        Add(
            "dataset_DatasetPackage",
            "dataset",
            ("name", _report.Dataset.Path),
            ("software_primaryPurpose", "data"),
            ("dataset_datasetType", new JsonArray("image")),
            ("dataset_datasetSize", _report.Dataset.Count),
            (
                "comment",
                "The dataset's size is its number of pictures; the files here are those that the report lists."
            ),
            ("verifiedUsing", OtherHash(_report.Dataset.Root, "Merkle root over paths and hashes of its pictures."))
        );

    private void AddQuery() =>
        Add(
            "software_File",
            "audited-picture",
            ("name", _report.Query.Path),
            ("software_primaryPurpose", "data"),
            ("comment", "The audited picture, which the model is said to have generated."),
            ("verifiedUsing", FileHash(_report.Query.Sha256))
        );

    private string AddPicture(AttributedPicture picture)
    {
        var part = $"picture-{JsonText.Number(picture.Rank)}";
        Add(
            "software_File",
            part,
            ("name", picture.Item),
            ("summary", picture.Title),
            ("software_primaryPurpose", "data"),
            (
                "software_copyrightText",
                picture.RightsHolder is { } holder ? $"The dataset states as the rights holder: {holder}" : null
            ),
            ("originatedBy", picture.Author is { } author ? new JsonArray(Id(Author(author))) : null),
            ("verifiedUsing", FileHash(picture.Sha256)),
            ("externalRef", Source(picture.Source))
        );
        if (picture.License is { } license)
            AddRelationship($"{part}-license", "hasDeclaredLicense", part, [License(license)]);
        Add(
            "Annotation",
            $"{part}-influence",
            ("annotationType", "other"),
            ("subject", Id(part)),
            ("statement", Statement(picture))
        );
        return part;
    }

    private string Statement(AttributedPicture picture)
    {
        var word = picture.Strength is { } strength ? $"; evidence: {strength.Name()}" : "";
        return $"Rank {JsonText.Number(picture.Rank)} of the listed pictures for the audited picture, with the score "
            + $"{JsonText.Number(picture.Score)} of the method {_report.Method.Id}{word}.";
    }

    private string Author(string name)
    {
        if (_authors.TryGetValue(name, out var author))
            return author;
        var part = $"author-{JsonText.Number(_authors.Count + 1)}";
        _authors[name] = part;
        Add("Agent", part, ("name", name));
        return part;
    }

    private string License(string stated)
    {
        if (_licenses.TryGetValue(stated, out var license))
            return license;
        var part = $"license-{JsonText.Number(_licenses.Count + 1)}";
        _licenses[stated] = part;
        if (NamedLicenses.Expression(stated) is { } expression)
            Add("simplelicensing_LicenseExpression", part, ("simplelicensing_licenseExpression", expression));
        else
            Add("simplelicensing_SimpleLicensingText", part, ("simplelicensing_licenseText", stated));
        return part;
    }

    private void AddRelationship(string part, string type, string from, IEnumerable<string> to) =>
        Add(
            "Relationship",
            part,
            ("relationshipType", type),
            ("from", Id(from)),
            ("to", new JsonArray([.. to.Select(other => JsonValue.Create(Id(other)))]))
        );

    private void Add(string type, string part, params IEnumerable<(string Name, JsonNode? Value)> members) =>
        _elements.Add(JsonText.Object([("type", type), ("spdxId", Id(part)), ("creationInfo", Creation), .. members]));

    private string Id(string part) => ReportAddress.Of(_report, part);

    private static JsonArray? FileHash(string sha256) =>
        ReportAddress.OfFile(sha256) is null ? null : new(Hash("sha256", sha256.ToLowerInvariant(), null));

    private static JsonArray OtherHash(string value, string comment) => new(Hash("other", value, comment));

    private static JsonObject Hash(string algorithm, string value, string? comment) =>
        JsonText.Object(("type", "Hash"), ("algorithm", algorithm), ("hashValue", value), ("comment", comment));

    private static JsonArray? Source(string? source) =>
        source is null
            ? null
            : new(
                new JsonObject
                {
                    ["type"] = "ExternalRef",
                    ["externalRefType"] = "other",
                    ["locator"] = new JsonArray(source),
                    ["comment"] = "The source that the dataset states.",
                }
            );
}
