using DasAudit.Evidence.Proofs;

namespace DasAudit.Evidence.Bundles;

/// <summary>All that a bundle is about, and its manifest.</summary>
internal sealed record BundleContents
{
    /// <summary>What the manifest lists, in its order.</summary>
    internal required IReadOnlyList<BundlePart> Parts { get; init; }

    internal required BundleManifest Manifest { get; init; }

    internal required AuditReport Report { get; init; }

    /// <summary>The report's JSON text in UTF-8.</summary>
    internal required byte[] ReportJson { get; init; }

    /// <summary>Its place in the chain; null where its store had none.</summary>
    internal BundledRecord? Record { get; init; }

    /// <summary>Null where the dataset was not read.</summary>
    internal DatasetRoots? Dataset { get; init; }

    /// <summary>The model's own signature, as it was found; null for none.</summary>
    internal byte[]? ModelSignature { get; init; }

    /// <summary>Licences of listed pictures whose texts are not in the bundle.</summary>
    internal IReadOnlyList<string> LicensesWithoutText { get; init; } = [];
}
