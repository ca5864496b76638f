using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Evidence.Proofs;

/// <summary>
/// A tree over the attributions of a report, in their order. A leaf's content is a salt of 32 bytes and the canonical
/// JSON of the attribution. Salts come of the whole report, so whoever does not have the report cannot try out what
/// other leaves hold, and whoever has it gets the same tree again.
/// </summary>
internal sealed class AttributionTree
{
    private static readonly byte[] Domain = Encoding.ASCII.GetBytes("das-audit/attribution-salt/1");

    private readonly byte[] _secret;
    private readonly byte[][] _attributions;
    private readonly byte[][] _leaves;

    /// <summary>The tree of a report.</summary>
    /// <param name="reportJson">The report's JSON text in UTF-8.</param>
    /// <exception cref="JsonException">It is no report.</exception>
    internal AttributionTree(byte[] reportJson)
    {
        _secret = HMACSHA256.HashData(Domain, CanonicalJson.Of(reportJson));
        using var report = JsonDocuments.Parse(reportJson);
        if (
            !report.RootElement.TryGetProperty("attributions", out var attributions)
            || attributions.ValueKind != JsonValueKind.Array
        )
            throw new JsonException("The report has no attributions.");
        _attributions =
        [
            .. attributions
                .EnumerateArray()
                .Select(attribution => CanonicalJson.Of(Encoding.UTF8.GetBytes(attribution.GetRawText()))),
        ];
        _leaves = [.. _attributions.Select((attribution, i) => Leaf(Salt(i), attribution))];
    }

    internal TreeRoot Root => new(_leaves.Length, Convert.ToHexStringLower(HashTree.Root(_leaves)));

    internal byte[] Salt(int index)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, index);
        return HMACSHA256.HashData(_secret, number);
    }

    /// <summary>The canonical JSON of an attribution.</summary>
    internal byte[] Attribution(int index) => _attributions[index];

    internal IReadOnlyList<byte[]> Path(int index) => HashTree.Path(_leaves, index);

    internal static byte[] Leaf(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> attribution) =>
        HashTree.Leaf([.. salt, .. attribution]);
}
