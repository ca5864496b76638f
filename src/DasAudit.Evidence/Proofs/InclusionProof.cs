using System.Text.Json;
using System.Text.Json.Serialization;
using DasAudit.Core.Files;
using DasAudit.Evidence.Signatures;

namespace DasAudit.Evidence.Proofs;

/// <summary>The proof that a report lists a picture with a score; it shows no other picture of the report.</summary>
internal sealed record InclusionProof
{
    /// <summary>Schema of the document.</summary>
    internal const string SchemaId = "das-audit/inclusion-proof/1";

    /// <summary>The schema.</summary>
    public string Schema { get; init; } = SchemaId;

    /// <summary>The report's id.</summary>
    public required string Report { get; init; }

    /// <summary>The tree over its attributions.</summary>
    public required TreeRoot Attributions { get; init; }

    /// <summary>The attribution's place in it, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>32 bytes, hexadecimal.</summary>
    public required string Salt { get; init; }

    /// <summary>As the report has it.</summary>
    public required JsonElement Attribution { get; init; }

    /// <summary>The hashes that lead to the root, hexadecimal.</summary>
    public required IReadOnlyList<string> Path { get; init; }

    /// <summary>The signed statement that names the root; null where the report was in no signed bundle.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DsseEnvelope? Envelope { get; init; }

    /// <summary>Proves that a report lists an item.</summary>
    /// <param name="reportJson">The report's JSON text in UTF-8.</param>
    /// <exception cref="AuditException">It does not list it.</exception>
    internal static InclusionProof Of(byte[] reportJson, string item, DsseEnvelope? envelope)
    {
        var report = ReportJson.Deserialize(reportJson);
        var index = report.Attributions.ToList().FindIndex(picture => picture.Item == item);
        if (index < 0)
            throw new AuditException(
                $"The report {report.Id} lists no picture '{item}'; 'reports show' lists those that it does."
            );
        var tree = new AttributionTree(reportJson);
        return new()
        {
            Report = report.Id,
            Attributions = tree.Root,
            Index = index,
            Salt = Convert.ToHexStringLower(tree.Salt(index)),
            Attribution = JsonElement.Parse(tree.Attribution(index)),
            Path = Hex.Texts(tree.Path(index)),
            Envelope = envelope,
        };
    }

    /// <summary>Whether attribution, salt and path lead to the root that the proof names.</summary>
    internal bool LeadsToItsRoot()
    {
        if (Hex.Bytes(Salt) is not { } salt || Hex.Bytes(Path) is not { } path)
            return false;
        var attribution = CanonicalJson.Of(System.Text.Encoding.UTF8.GetBytes(Attribution.GetRawText()));
        var root = HashTree.RootOf(AttributionTree.Leaf(salt, attribution), Index, Attributions.Count, path);
        return root is not null && Convert.ToHexStringLower(root) == Attributions.Root;
    }
}
