using System.Text.Json;
using DasAudit.Core.Models;

namespace DasAudit.Testing;

/// <summary>Signatures of models in the form of OpenSSF Model Signing 1.0; who signed is invented.</summary>
internal static class SampleModelSignature
{
    internal const string Predicate = "https://model_signing/signature/v1.0";

    /// <summary>A bundle whose statement lists some files.</summary>
    internal static byte[] Of(
        IEnumerable<ModelFile> files,
        string predicateType = Predicate,
        string method = "files",
        string hash = "sha256"
    ) =>
        Around(
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    _type = "https://in-toto.io/Statement/v1",
                    subject = new[] { new { name = "model", digest = new { sha256 = new string('0', 64) } } },
                    predicateType,
                    predicate = new
                    {
                        resources = files
                            .OrderBy(file => file.Name, StringComparer.Ordinal)
                            .Select(file => new
                            {
                                algorithm = hash,
                                name = file.Name,
                                digest = file.Sha256,
                            }),
                        serialization = new
                        {
                            method,
                            hash_type = hash,
                            allow_symlinks = false,
                        },
                    },
                }
            )
        );

    /// <summary>A bundle around any statement.</summary>
    internal static byte[] Around(byte[] statement) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json",
                verificationMaterial = new { publicKey = new { hint = "ab12" } },
                dsseEnvelope = new
                {
                    payload = Convert.ToBase64String(statement),
                    payloadType = "application/vnd.in-toto+json",
                    signatures = new[] { new { sig = Convert.ToBase64String("signed"u8) } },
                },
            }
        );
}
