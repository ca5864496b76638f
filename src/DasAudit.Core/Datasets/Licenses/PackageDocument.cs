using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets.Licenses;

/// <summary>Licences of Croissant, of Frictionless' data packages, and of npm's <c>package.json</c>.</summary>
internal static class PackageDocument
{
    /// <param name="name">The file's.</param>
    /// <exception cref="AuditException">It is no JSON.</exception>
    public static IEnumerable<PackageLicense> Read(string name, string text)
    {
        try
        {
            using var document = JsonDocuments.Parse(text);
            return [.. Licenses(document.RootElement, name)];
        }
        catch (JsonException e)
        {
            throw new AuditException("It is no JSON, so its licence was not read.", e);
        }
    }

    private static IEnumerable<PackageLicense> Licenses(JsonElement root, string name)
    {
        if (root.ValueKind != JsonValueKind.Object)
            yield break;
        foreach (var field in (string[])["license", "licenses", "sc:license"])
        {
            if (!root.TryGetProperty(field, out var stated))
                continue;
            foreach (var text in Texts(stated))
                yield return new(name, $"{name}, {field}", text) { IsOfPackage = name == "package.json" };
        }
    }

    // A text, an object that names it, or a list of such.
    private static IEnumerable<string> Texts(JsonElement stated) =>
        stated.ValueKind switch
        {
            JsonValueKind.String => [stated.GetString()!],
            JsonValueKind.Array => stated.EnumerateArray().SelectMany(Texts),
            JsonValueKind.Object => Named(stated),
            _ => [],
        };

    private static IEnumerable<string> Named(JsonElement license)
    {
        foreach (var field in (string[])["name", "url", "@id", "path", "type", "title"])
            if (license.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String)
                return [value.GetString()!];
        return [];
    }
}
