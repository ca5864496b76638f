using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Tests.Exports;

/// <summary>The JSON Schema of reports, made of the types that write them.</summary>
internal static class ReportSchema
{
    private static readonly JsonSchemaExporterOptions Options = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Transform,
    };

    private static readonly JsonSerializerOptions Types = new(JsonDocuments.Options)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    internal static string Make()
    {
        var members = Types.GetJsonSchemaAsNode(typeof(AuditReport), Options).AsObject();
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = "das-audit/report/1",
            ["title"] = "A report of das-audit",
            ["description"] =
                "What docs/reports.md describes. Later versions add members and take none away, so others are allowed.",
        };
        foreach (var (name, value) in members)
            schema[name] = value?.DeepClone();
        // It has a default, so that the exporter takes it for one that may be left out.
        schema["required"]!.AsArray().Insert(0, "schema");
        return JsonSerializer.Serialize(schema, JsonDocuments.Options) + "\n";
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (context.PropertyInfo?.Name == "schema" && context.PropertyInfo.DeclaringType == typeof(AuditReport))
            return new JsonObject { ["const"] = AuditReport.SchemaId };
        if (context.PropertyInfo?.Name is "share" or "low" or "high")
            (schema["minimum"], schema["maximum"]) = (0, 1);
        return schema;
    }
}
