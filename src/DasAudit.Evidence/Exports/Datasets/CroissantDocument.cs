using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DasAudit.Core.Datasets;
using DasAudit.Core.Datasets.Licenses;

namespace DasAudit.Evidence.Exports.Datasets;

/// <summary>
/// A dataset in Croissant 1.1: its files with their hashes, and a record for each picture with what is stated of it.
/// </summary>
/// <remarks>https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html.</remarks>
internal static class CroissantDocument
{
    private const string Records = "pictures";
    private const string Text = "sc:Text";
    private const string Integer = "sc:Integer";

    private static readonly (
        string Name,
        string Type,
        string Description,
        Func<TrainingItem, JsonNode?> Value
    )[] Fields =
    [
        ("file_name", Text, "Path within the dataset.", item => item.Path),
        ("sha256", Text, "SHA-256 of the picture's bytes.", item => item.Sha256),
        ("width", Integer, "Columns.", item => item.Width),
        ("height", Integer, "Rows.", item => item.Height),
        ("split", Text, "The split.", item => item.Split),
        ("label", Integer, "The class, from 0.", item => item.Label),
        ("caption", Text, "The caption.", item => item.Caption),
        ("title", Text, "The title.", item => item.Title),
        ("license", Text, "The licence, as stated.", item => item.Rights.License),
        ("rights_holder", Text, "Who holds the rights, as stated.", item => item.Rights.RightsHolder),
        ("author", Text, "Who made it, as stated.", item => item.Rights.Author),
        ("source", Text, "Where it came from, as stated.", item => item.Rights.Source),
    ];

    /// <summary>Properties that Croissant requires and neither the dataset nor the details state.</summary>
    internal static IEnumerable<string> Missing(TrainingSet set, DatasetDetails details)
    {
        if (details.Address is null)
            yield return "url";
        if (details.Creator is null)
            yield return "creator";
        if (details.Published is null)
            yield return "datePublished";
        if (Licenses(set) is null)
            yield return "license";
    }

    /// <summary>The document.</summary>
    internal static JsonObject Of(TrainingSet set, DatasetDetails details) =>
        JsonText.Object(
            ("@context", CroissantContext.Make()),
            ("@type", "sc:Dataset"),
            ("conformsTo", "http://mlcommons.org/croissant/1.1"),
            ("name", Path.GetFileName(Path.TrimEndingDirectorySeparator(set.Path))),
            (
                "description",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{set.Items.Count} pictures ({set.Kind}) as das-audit reads them. Merkle root over paths and "
                        + $"SHA-256: {set.Root}."
                )
            ),
            ("license", Licenses(set)),
            ("url", details.Address?.AbsoluteUri),
            ("creator", Creator(details)),
            ("datePublished", details.Published?.ToString("O", CultureInfo.InvariantCulture)),
            ("distribution", new JsonArray([.. Files(set).Select(File)])),
            ("recordSet", new JsonArray(RecordSet(set)))
        );

    private static JsonObject? Creator(DatasetDetails details) =>
        details.Creator is null ? null : new() { ["@type"] = "sc:Organization", ["name"] = details.Creator };

    // Addresses of known licences, and other licences as they stand.
    private static JsonArray? Licenses(TrainingSet set)
    {
        var stated = set.Items.Select(item => item.Rights.License).OfType<string>().Distinct(StringComparer.Ordinal);
        var all = stated
            .SelectMany(license =>
                NamedLicenses.Of(license) is { Count: > 0 } known
                    ? known.Select(id => $"https://spdx.org/licenses/{id}")
                    : [license]
            )
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        return all.Count == 0 ? null : new([.. all.Select(license => JsonValue.Create(license))]);
    }

    private static IEnumerable<(string Name, string Sha256)> Files(TrainingSet set)
    {
        if (set.Items.All(item => System.IO.File.Exists(Path.Combine(set.Path, item.Path))))
            return set.Items.Select(item => (item.Path, item.Sha256));
        // Pictures are packed into a few large files.
        var folder = Directory.Exists(set.Path) ? set.Path : Path.GetDirectoryName(set.Path)!;
        var files = Directory.Exists(set.Path)
            ? Directory.EnumerateFiles(set.Path, "*", SearchOption.AllDirectories)
            : [set.Path];
        return files
            .Select(file => (Path.GetRelativePath(folder, file).Replace('\\', '/'), Hash(file)))
            .OrderBy(file => file.Item1, StringComparer.Ordinal);
    }

    private static string Hash(string path)
    {
        using var file = System.IO.File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static JsonObject File((string Name, string Sha256) file) =>
        new()
        {
            ["@type"] = "cr:FileObject",
            ["@id"] = file.Name,
            ["name"] = file.Name,
            ["contentUrl"] = string.Join('/', file.Name.Split('/').Select(Uri.EscapeDataString)),
            ["encodingFormat"] = MediaType(file.Name),
            ["sha256"] = file.Sha256,
        };

    private static string MediaType(string name) =>
        Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".webp" => "image/webp",
            ".gif" => "image/gif",
            ".bmp" => "image/bmp",
            ".tif" or ".tiff" => "image/tiff",
            ".parquet" => "application/vnd.apache.parquet",
            ".tar" => "application/x-tar",
            ".zip" => "application/zip",
            ".gz" => "application/gzip",
            ".csv" => "text/csv",
            ".json" => "application/json",
            ".jsonl" => "application/jsonlines",
            ".txt" or ".md" => "text/plain",
            _ => "application/octet-stream",
        };

    private static JsonObject RecordSet(TrainingSet set)
    {
        var fields = Fields.Where(field => set.Items.Any(item => field.Value(item) is not null)).ToList();
        return new()
        {
            ["@type"] = "cr:RecordSet",
            ["@id"] = Records,
            ["name"] = Records,
            ["description"] = "A record for each picture, with what the dataset states of it.",
            ["key"] = new JsonObject { ["@id"] = FieldId("file_name") },
            ["field"] = new JsonArray([
                .. fields.Select(field => new JsonObject
                {
                    ["@type"] = "cr:Field",
                    ["@id"] = FieldId(field.Name),
                    ["name"] = field.Name,
                    ["description"] = field.Description,
                    ["dataType"] = field.Type,
                }),
            ]),
            ["data"] = new JsonArray([
                .. set.Items.Select(item => new JsonObject(
                    fields.Select(field => KeyValuePair.Create(FieldId(field.Name), field.Value(item)))
                )),
            ]),
        };
    }

    private static string FieldId(string name) => $"{Records}/{name}";
}
