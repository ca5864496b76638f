using DasAudit.Core.Files;
using DasAudit.Evidence.Signatures;

namespace DasAudit.Evidence.Bundles;

/// <summary>Puts a bundle's parts into its file.</summary>
internal static class BundleWriter
{
    /// <summary>The statement on a bundle, signed; null without keys.</summary>
    internal static DsseEnvelope? Sign(BundleContents contents, IReadOnlyList<SigningKey> keys) =>
        keys.Count == 0
            ? null
            : DsseEnvelope.Sign(DsseEnvelope.InToto, CanonicalJson.Serialize(BundleStatement.Of(contents)), keys);

    /// <summary>The bundle's bytes.</summary>
    /// <param name="envelope">The signed statement; null for a bundle that nobody signed.</param>
    /// <param name="timestamp">A token for the envelope, in DER; null for none.</param>
    internal static byte[] Write(BundleContents contents, DsseEnvelope? envelope, byte[]? timestamp)
    {
        List<BundlePart> parts = [new(BundleNames.Manifest, contents.Manifest.ToJson()), .. contents.Parts];
        if (envelope is not null)
            parts.Add(new(BundleNames.Statement, envelope.ToJson()));
        if (timestamp is not null)
            parts.Add(new(BundleNames.Timestamp, timestamp));
        return StoredZip.Write(parts);
    }
}
