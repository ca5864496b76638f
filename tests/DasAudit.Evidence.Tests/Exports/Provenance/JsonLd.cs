using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DasAudit.Evidence.Tests.Exports.Provenance;

/// <summary>
/// Reads JSON-LD whose context is prefixes alone: a small part of the expansion and of the deserialisation to RDF that
/// https://www.w3.org/TR/json-ld11-api/ defines. It throws for all that it does not know.
/// </summary>
internal sealed class JsonLd
{
    private const string Type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
    private const string Xsd = "http://www.w3.org/2001/XMLSchema#";

    private readonly Dictionary<string, string> _prefixes;
    private readonly List<Triple> _triples = [];
    private int _blank;

    private JsonLd(JsonNode document)
    {
        _prefixes = document["@context"]!
            .AsObject()
            .ToDictionary(prefix => prefix.Key, prefix => (string)prefix.Value!);
        Assert.Equal(["@context", "@graph"], document.AsObject().Select(member => member.Key));
        foreach (var node in document["@graph"]!.AsArray())
            Add(node!.AsObject());
    }

    internal static IReadOnlyList<Triple> Triples(JsonNode document) => new JsonLd(document)._triples;

    private string Add(JsonObject node)
    {
        var subject = node.TryGetPropertyValue("@id", out var id) ? Iri((string)id!) : $"_:{_blank++}";
        foreach (var (member, value) in node)
        {
            if (member == "@id")
                continue;
            var predicate = member == "@type" ? Type : Iri(member);
            foreach (var single in value is JsonArray array ? [.. array] : new[] { value })
                _triples.Add(new(subject, predicate, member == "@type" ? Iri((string)single!) : Object(single!)));
        }

        return subject;
    }

    private string Object(JsonNode value)
    {
        if (value is not JsonObject node)
            return value.GetValueKind() switch
            {
                JsonValueKind.String => Literal((string)value!, "string"),
                JsonValueKind.True or JsonValueKind.False => Literal(value.ToJsonString(), "boolean"),
                JsonValueKind.Number => Literal(((long)value).ToString(CultureInfo.InvariantCulture), "integer"),
                _ => throw new InvalidDataException(value.ToJsonString()),
            };
        if (!node.ContainsKey("@value"))
            return Add(node);
        Assert.Equal(["@type", "@value"], node.Select(member => member.Key).Order());
        return $"\"{node["@value"]}\"^^{Iri((string)node["@type"]!)}";
    }

    private static string Literal(string text, string type) => $"\"{text}\"^^{Xsd}{type}";

    // A term with a colon is a compact IRI if its prefix is known, else an absolute one.
    private string Iri(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
            throw new InvalidDataException($"'{text}' is relative.");
        if (_prefixes.TryGetValue(text[..colon], out var prefix))
            return prefix + text[(colon + 1)..];
        Assert.True(Uri.TryCreate(text, UriKind.Absolute, out _), text);
        return text;
    }
}
