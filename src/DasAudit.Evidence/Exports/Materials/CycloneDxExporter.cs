using System.Text.Json.Nodes;
using DasAudit.Core.Datasets.Licenses;
using DasAudit.Core.Models;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Exports.Materials;

/// <summary>
/// A machine-learning bill of materials, CycloneDX 1.6: the model as what the document is about, dataset, listed
/// training pictures, image encoder and LoRAs as its components.
/// </summary>
/// <remarks>
/// https://cyclonedx.org/docs/1.6/json/. Only hashes of single files stand under <c>hashes</c>; those over several
/// files (weights, dataset) are properties, since no other program would find them again.
/// </remarks>
public sealed class CycloneDxExporter : IReportExporter
{
    private const string ModelReference = "model";
    private const string DatasetReference = "dataset";
    private const string QueryReference = "audited-picture";
    private const string EncoderReference = "encoder";

    /// <inheritdoc/>
    public string Format => "cyclonedx";

    /// <inheritdoc/>
    public string Ending => "cdx.json";

    /// <inheritdoc/>
    public void Export(StoredReport report, TextWriter writer) => JsonText.Write(Document(report.Report), writer);

    private static JsonObject Document(AuditReport report) =>
        new()
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["serialNumber"] = ReportAddress.Of(report),
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["timestamp"] = JsonText.Seconds(report.CreatedUtc),
                ["tools"] = new JsonObject { ["components"] = new JsonArray(Tool(report)) },
                ["component"] = Model(report),
                ["properties"] = Properties(
                    ("report:id", report.Id),
                    ("report:method", report.Method.Id),
                    ("report:commit", report.Tool.Commit)
                ),
            },
            ["components"] = new JsonArray([Dataset(report), Query(report), .. Encoder(report), .. Loras(report)]),
            ["dependencies"] = Dependencies(report),
        };

    private static JsonObject Tool(AuditReport report) =>
        new()
        {
            ["type"] = "application",
            ["name"] = "das-audit",
            ["version"] = report.Tool.Version,
        };

    private static JsonObject Model(AuditReport report)
    {
        var parameters = new JsonObject
        {
            ["task"] = "image generation",
            ["datasets"] = new JsonArray(new JsonObject { ["ref"] = DatasetReference }),
        };
        return JsonText.Object(
            ("type", "machine-learning-model"),
            ("bom-ref", ModelReference),
            ("name", report.Model.Path),
            ("modelCard", new JsonObject { ["modelParameters"] = parameters }),
            ("components", report.Model.Files is { Count: > 0 } files ? new JsonArray([.. files.Select(File)]) : null),
            (
                "properties",
                Properties(
                    ("model:weightsSha256", report.Model.WeightsSha256),
                    ("model:adapter", report.Model.Adapter),
                    ("model:schedule", report.Model.Schedule),
                    ("model:predictionType", report.Model.PredictionType),
                    ("model:parameters", JsonText.Number(report.Model.Parameters))
                )
            )
        );
    }

    private static JsonObject File(ModelFile file, int index) =>
        JsonText.Object(
            ("type", "file"),
            ("bom-ref", $"model-file-{JsonText.Number(index + 1)}"),
            ("name", file.Name),
            ("hashes", Hashes(file.Sha256))
        );

    private static JsonObject Dataset(AuditReport report) =>
        new()
        {
            ["type"] = "data",
            ["bom-ref"] = DatasetReference,
            ["name"] = report.Dataset.Path,
            ["description"] =
                $"The {JsonText.Number(report.Dataset.Count)} training pictures. "
                + $"{JsonText.Number(report.Attributions.Count)} of them, which the report lists, are its components.",
            ["data"] = new JsonArray(new JsonObject { ["type"] = "dataset", ["name"] = report.Dataset.Path }),
            ["components"] = new JsonArray([.. report.Attributions.Select(picture => Picture(report, picture))]),
            ["properties"] = Properties(
                ("dataset:merkleRoot", report.Dataset.Root),
                ("dataset:pictures", JsonText.Number(report.Dataset.Count)),
                ("dataset:split", report.Dataset.Split)
            ),
        };

    private static JsonObject Picture(AuditReport report, AttributedPicture picture) =>
        JsonText.Object(
            ("type", "file"),
            ("bom-ref", $"picture-{JsonText.Number(picture.Rank)}"),
            ("name", picture.Item),
            ("authors", picture.Author is { } author ? new JsonArray(new JsonObject { ["name"] = author }) : null),
            ("description", picture.Title),
            ("hashes", Hashes(picture.Sha256)),
            ("licenses", picture.License is { } license ? new JsonArray(License(license)) : null),
            ("externalReferences", Source(picture.Source)),
            (
                "properties",
                Properties(
                    ("rightsHolder", picture.RightsHolder),
                    ("source", picture.Source),
                    ("influence:rank", JsonText.Number(picture.Rank)),
                    ("influence:score", JsonText.Number(picture.Score)),
                    ("influence:method", report.Method.Id),
                    ("influence:evidence", picture.Strength?.Name())
                )
            )
        );

    private static JsonObject Query(AuditReport report) =>
        JsonText.Object(
            ("type", "data"),
            ("bom-ref", QueryReference),
            ("name", report.Query.Path),
            ("description", "The audited picture, which the model is said to have generated."),
            ("hashes", Hashes(report.Query.Sha256)),
            ("data", new JsonArray(new JsonObject { ["type"] = "other", ["name"] = report.Query.Path }))
        );

    private static IEnumerable<JsonObject> Encoder(AuditReport report) =>
        report.Encoder is not { } encoder
            ? []
            :
            [
                JsonText.Object(
                    ("type", "machine-learning-model"),
                    ("bom-ref", EncoderReference),
                    ("name", encoder.Name),
                    ("description", "The image encoder that the audit chose candidates by."),
                    ("properties", Properties(("encoder:sha256", encoder.Sha256)))
                ),
            ];

    private static IEnumerable<JsonObject> Loras(AuditReport report) =>
        (report.Model.With?.Loras ?? []).Select(
            (lora, index) =>
                JsonText.Object(
                    ("type", "machine-learning-model"),
                    ("bom-ref", LoraReference(index)),
                    ("name", lora.Path),
                    ("description", "A LoRA that was applied to the model."),
                    (
                        "properties",
                        Properties(("lora:sha256", lora.Sha256), ("lora:weight", JsonText.Number(lora.Weight)))
                    )
                )
        );

    private static JsonArray Dependencies(AuditReport report)
    {
        var loras = report.Model.With?.Loras?.Count ?? 0;
        string[] ofModel = [DatasetReference, .. Enumerable.Range(0, loras).Select(LoraReference)];
        return new(Dependency(ModelReference, ofModel), Dependency(QueryReference, [ModelReference]));
    }

    private static JsonObject Dependency(string reference, IEnumerable<string> on) =>
        new() { ["ref"] = reference, ["dependsOn"] = new JsonArray([.. on.Select(other => JsonValue.Create(other))]) };

    private static string LoraReference(int index) => $"lora-{JsonText.Number(index + 1)}";

    private static JsonArray? Hashes(string sha256) =>
        ReportAddress.OfFile(sha256) is null
            ? null
            : new(new JsonObject { ["alg"] = "SHA-256", ["content"] = sha256.ToLowerInvariant() });

    private static JsonObject License(string stated) =>
        NamedLicenses.Expression(stated) is { } expression
            ? new() { ["expression"] = expression, ["acknowledgement"] = "declared" }
            : new()
            {
                ["license"] = new JsonObject { ["name"] = stated, ["acknowledgement"] = "declared" },
            };

    private static JsonArray? Source(string? source) =>
        source is not null && WebAddress.Of(source) is { } address
            ? new(new JsonObject { ["type"] = "distribution", ["url"] = address })
            : null;

    private static JsonArray Properties(params (string Name, string? Value)[] properties) =>
        new([
            .. properties
                .Where(property => property.Value is not null)
                .Select(property => new JsonObject
                {
                    ["name"] = $"das-audit:{property.Name}",
                    ["value"] = property.Value,
                }),
        ]);
}
