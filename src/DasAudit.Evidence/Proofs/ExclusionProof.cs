using System.Text.Json.Serialization;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Evidence.Signatures;

namespace DasAudit.Evidence.Proofs;

/// <summary>A hash of the tree beside which the absent one would stand.</summary>
/// <param name="Index">Its place in the tree, from 0.</param>
/// <param name="Path">The hashes that lead to the root.</param>
internal sealed record NeighbourHash(string Sha256, int Index, IReadOnlyList<string> Path);

/// <summary>
/// The proof that a dataset does not hold a picture: two hashes that stand side by side in the tree of all sorted
/// hashes, the absent one between them.
/// </summary>
internal sealed record ExclusionProof
{
    /// <summary>Schema of the document.</summary>
    internal const string SchemaId = "das-audit/exclusion-proof/1";

    /// <summary>What <see cref="Of"/> says of hashes of files.</summary>
    internal const string Files = "files";

    /// <summary>What <see cref="Of"/> says of hashes of pixels.</summary>
    internal const string Pixels = "pixels";

    /// <summary>The schema.</summary>
    public string Schema { get; init; } = SchemaId;

    /// <summary>The id of a report on the dataset.</summary>
    public required string Report { get; init; }

    /// <summary>The dataset's own root, as the report names it.</summary>
    public required string Dataset { get; init; }

    /// <summary>Which hashes: <see cref="Files"/> or <see cref="Pixels"/>.</summary>
    public required string Of { get; init; }

    /// <summary>The hash that is absent.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The tree over the sorted hashes.</summary>
    public required TreeRoot Pictures { get; init; }

    /// <summary>The largest smaller hash; null where there is none.</summary>
    public NeighbourHash? Below { get; init; }

    /// <summary>The smallest larger hash; null where there is none.</summary>
    public NeighbourHash? Above { get; init; }

    /// <summary>The signed statement that names the root; null where the report was in no signed bundle.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DsseEnvelope? Envelope { get; init; }

    /// <summary>Proves that a dataset does not hold a hash.</summary>
    /// <param name="of">Which hashes.</param>
    /// <param name="sha256">Lower-case hexadecimal.</param>
    /// <returns>Null if it holds it.</returns>
    internal static ExclusionProof? Make(AuditReport report, TrainingSet set, string of, string sha256)
    {
        var hashes = of == Files ? PictureHashes.OfFiles(set) : PictureHashes.OfPixels(set);
        var (smaller, isThere) = hashes.Find(Convert.FromHexString(sha256));
        if (isThere)
            return null;
        return new()
        {
            Report = report.Id,
            Dataset = set.Root,
            Of = of,
            Sha256 = sha256,
            Pictures = new(hashes.Count, hashes.Root),
            Below = smaller > 0 ? Neighbour(hashes, smaller - 1) : null,
            Above = smaller < hashes.Count ? Neighbour(hashes, smaller) : null,
        };
    }

    /// <summary>Whether the neighbours are in the tree, side by side, and the absent hash between them.</summary>
    internal bool HoldsInItsTree()
    {
        if (Hex.Bytes(Sha256) is null || Of is not (Files or Pixels))
            return false;
        if (Below is not null && !(IsInTree(Below) && string.CompareOrdinal(Below.Sha256, Sha256) < 0))
            return false;
        if (Above is not null && !(IsInTree(Above) && string.CompareOrdinal(Sha256, Above.Sha256) < 0))
            return false;
        var first = Below is null ? 0 : Below.Index + 1;
        var next = Above is null ? Pictures.Count : Above.Index;
        var isEmpty = Below is null && Above is null;
        return first == next && (!isEmpty || Pictures.Root == Convert.ToHexStringLower(HashTree.Root([])));
    }

    private bool IsInTree(NeighbourHash neighbour)
    {
        if (Hex.Bytes(neighbour.Sha256) is not { } hash || Hex.Bytes(neighbour.Path) is not { } path)
            return false;
        var root = HashTree.RootOf(HashTree.Leaf(hash), neighbour.Index, Pictures.Count, path);
        return root is not null && Convert.ToHexStringLower(root) == Pictures.Root;
    }

    private static NeighbourHash Neighbour(PictureHashes hashes, int index) =>
        new(hashes.At(index), index, Hex.Texts(hashes.Path(index)));
}
