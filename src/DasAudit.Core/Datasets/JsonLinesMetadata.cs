using System.Text;
using System.Text.Json;

namespace DasAudit.Core.Datasets;

/// <summary>Reads <c>metadata.jsonl</c>: one JSON object a line, empty lines ignored.</summary>
internal static class JsonLinesMetadata
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    public static IEnumerable<MetadataRecord> Read(string path, string name)
    {
        using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        for (var line = 1L; ReadLine(reader, name, line) is { } text; line++)
            if (!string.IsNullOrWhiteSpace(text))
                yield return Parse(text, name, line);
    }

    private static string? ReadLine(StreamReader reader, string name, long line)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (DecoderFallbackException e)
        {
            throw MetadataTable.Wrong(name, line, "or one after it is not UTF-8 text; save the file as UTF-8", e);
        }
    }

    public static MetadataRecord Parse(string text, string name, long line)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw MetadataTable.Wrong(name, line, "is no JSON object; write one object a line");
            var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (!MetadataRecord.Columns.Contains(property.Name, StringComparer.OrdinalIgnoreCase))
                    continue;
                if (!values.TryAdd(property.Name, Text(property, name, line)))
                    throw MetadataTable.Wrong(name, line, $"states {property.Name} twice; keep one");
            }

            return new MetadataRecord(line, values);
        }
        catch (JsonException e)
        {
            throw MetadataTable.Wrong(name, line, "is no valid JSON object; write one object a line", e);
        }
    }

    private static string? Text(JsonProperty property, string name, long line) =>
        property.Value.ValueKind switch
        {
            JsonValueKind.String => property.Value.GetString(),
            JsonValueKind.Null => null,
            JsonValueKind.Number when property.NameEquals("label") => property.Value.GetRawText(),
            _ => throw MetadataTable.Wrong(
                name,
                line,
                $"gives {property.Name} something other than text; write it in quotes"
            ),
        };
}
