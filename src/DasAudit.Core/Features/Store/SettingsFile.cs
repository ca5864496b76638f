using System.Text.Encodings.Web;
using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Core.Features.Store;

/// <summary>What <c>features.json</c> says: the document <c>das-audit/features/1</c>.</summary>
/// <param name="DatasetRoot">Merkle root of the dataset that the store was begun with; others may have joined.</param>
internal sealed record SettingsFile(
    string Schema,
    FeatureSettings Settings,
    FeatureFormat Format,
    string? DatasetRoot,
    string Digest
)
{
    public const string Name = "features.json";
    public const string SchemaId = "das-audit/features/1";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
    };

    /// <summary>Reads the file of a folder; null if there is none.</summary>
    public static SettingsFile? Read(string folder, string shown)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path))
            return null;
        try
        {
            var file = JsonSerializer.Deserialize<SettingsFile>(File.ReadAllBytes(path), Json);
            if (file?.Schema == SchemaId && file.Digest == file.Settings.Digest)
                return file;
        }
        catch (JsonException) { }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException(
                $"'{Path.Combine(shown, Name)}' cannot be read; check that it is a file you may read.",
                e
            );
        }

        throw new AuditException(
            $"'{Path.Combine(shown, Name)}' is damaged or was written by another program; delete that file, "
                + "and the next run under the settings it had writes it anew."
        );
    }

    public static void Write(string folder, FeatureSettings settings, FeatureFormat format, string? datasetRoot) =>
        AtomicFile.Write(
            Path.Combine(folder, Name),
            (TextWriter writer) =>
                writer.WriteLine(
                    JsonSerializer.Serialize(
                        new SettingsFile(SchemaId, settings, format, datasetRoot, settings.Digest),
                        Json
                    )
                )
        );
}
