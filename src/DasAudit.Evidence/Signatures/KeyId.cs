using System.Security.Cryptography;

namespace DasAudit.Evidence.Signatures;

/// <summary>What a key is known by: SHA-256 of its public half (SubjectPublicKeyInfo in DER), hexadecimal.</summary>
internal static class KeyId
{
    private const string P256 = "1.2.840.10045.3.1.7";

    internal static string Of(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    internal static bool IsP256(ECDsa key) =>
        key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256;
}
