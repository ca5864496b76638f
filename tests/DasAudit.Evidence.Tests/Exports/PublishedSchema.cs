using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace DasAudit.Evidence.Tests.Exports;

/// <summary>The schemas in <c>Exports/Schemas</c>, asked by a validator of another hand.</summary>
internal sealed class PublishedSchema
{
    private static readonly Lazy<PublishedSchema> LazyCycloneDx = new(() =>
    {
        // The schema refers to these two.
        var referenced = new[] { Read("spdx.schema.json"), Read("jsf-0.82.schema.json") };
        return new(Read("bom-1.6.schema.json"), referenced);
    });

    private static readonly Lazy<PublishedSchema> LazySpdx = new(() => new(Read("spdx-3.0.1.schema.json"), []));

    private readonly JsonSchema _schema;

    private PublishedSchema(string text, IEnumerable<string> referenced)
    {
        foreach (var schema in referenced)
            JsonSchema.FromText(schema);
        _schema = JsonSchema.FromText(text);
    }

    internal static PublishedSchema CycloneDx => LazyCycloneDx.Value;

    internal static PublishedSchema Spdx => LazySpdx.Value;

    /// <summary>A compressed file of the folder.</summary>
    internal static string Read(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Exports", "Schemas", name + ".gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    internal bool IsMetBy(JsonNode document) => Evaluate(document, OutputFormat.Flag).IsValid;

    internal void AssertMetBy(JsonNode document)
    {
        var result = Evaluate(document, OutputFormat.List);
        var errors = (result.Details ?? []).Where(detail => detail.Errors is { Count: > 0 }).Take(20);
        Assert.True(
            result.IsValid,
            string.Join("\n", errors.Select(e => $"{e.InstanceLocation}: {string.Join(", ", e.Errors!.Values)}"))
        );
    }

    private EvaluationResults Evaluate(JsonNode document, OutputFormat format) =>
        _schema.Evaluate(
            JsonSerializer.SerializeToElement(document),
            new EvaluationOptions { OutputFormat = format, RequireFormatValidation = true }
        );
}
