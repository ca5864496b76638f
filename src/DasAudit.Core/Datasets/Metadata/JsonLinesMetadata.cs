using System.Text;
using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets.Metadata;

/// <summary>Reads <c>metadata.jsonl</c>: one JSON object a line, empty lines ignored.</summary>
internal static class JsonLinesMetadata
{
    public static IEnumerable<MetadataRecord> Read(string path, string name, CaptionColumns captions)
    {
        using var reader = MetadataText.Open(path, name);
        for (var line = 1L; ReadLine(reader, MetadataPlace.Line(name, line)) is { } text; line++)
            if (!string.IsNullOrWhiteSpace(text))
                yield return Parse(text, captions, MetadataPlace.Line(name, line));
    }

    private static string? ReadLine(StreamReader reader, MetadataPlace place)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (DecoderFallbackException e)
        {
            throw MetadataText.NotText(place, e);
        }
    }

    public static MetadataRecord Parse(string text, CaptionColumns captions, MetadataPlace place)
    {
        using var document = ParseJson(text, place);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw place.Wrong("is no JSON object; write one object a line");
        var fields = new List<(string, MetadataValue)>();
        foreach (var property in document.RootElement.EnumerateObject())
            if (MetadataColumns.AreRead(property.Name, captions))
                fields.Add((property.Name, ValueOf(property.Value)));
        return new(place, fields);
    }

    private static JsonDocument ParseJson(string text, MetadataPlace place)
    {
        try
        {
            return JsonDocuments.Parse(PythonJson.WithNulls(text));
        }
        catch (JsonException e)
        {
            throw place.Wrong("is no valid JSON object; write one object a line", e);
        }
    }

    private static MetadataValue ValueOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => MetadataValue.Of(value.GetString()),
            JsonValueKind.Number => MetadataValue.Of(value.GetRawText()),
            JsonValueKind.True => MetadataValue.Of("true"),
            JsonValueKind.False => MetadataValue.Of("false"),
            JsonValueKind.Array => MetadataValue.Of(value.EnumerateArray().Select(ValueOf)),
            JsonValueKind.Object => MetadataValue.Unusable("an object"),
            _ => MetadataValue.None,
        };
}
