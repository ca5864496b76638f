using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Evidence.Bundles;

/// <summary>A file that a bundle holds.</summary>
internal sealed record ManifestPart(string Name, long Bytes, string Sha256);

/// <summary>What a bundle holds, in its order.</summary>
/// <param name="Id">The report's id.</param>
internal sealed record BundleManifest(string Id, IReadOnlyList<ManifestPart> Parts)
{
    /// <summary>Schema of manifests.</summary>
    internal const string SchemaId = "das-audit/bundle/1";

    /// <summary>The schema.</summary>
    public string Schema { get; init; } = SchemaId;

    internal static BundleManifest Of(string id, IEnumerable<BundlePart> parts) =>
        new(id, [.. parts.Select(part => new ManifestPart(part.Name, part.Bytes.Length, part.Sha256))]);

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="JsonException">It is none, or not written as <see cref="ToJson"/> writes it.</exception>
    internal static BundleManifest Parse(ReadOnlySpan<byte> json)
    {
        var manifest = JsonSerializer.Deserialize<BundleManifest>(json, JsonDocuments.Options);
        if (manifest is not { Schema: SchemaId, Id: not null, Parts: not null })
            throw new JsonException("The document is no manifest of a bundle.");
        if (manifest.Parts.Count > BundleReader.MostParts)
            throw new JsonException("The manifest lists more parts than a bundle has.");
        if (manifest.Parts.Any(part => part is not { Name: not null, Sha256: not null }))
            throw new JsonException("A part of the manifest has no name or hash.");
        return json.SequenceEqual(manifest.ToJson())
            ? manifest
            : throw new JsonException("The manifest is not in canonical form.");
    }

    internal byte[] ToJson() => CanonicalJson.Serialize(this);
}
