using System.Security.Cryptography;

namespace DasAudit.Evidence.Signatures;

/// <summary>A private key: ECDSA over P-256 with SHA-256. Signatures are in DER, as openssl has them.</summary>
internal sealed class SigningKey : IDisposable
{
    // As OWASP advises for PBKDF2 with HMAC-SHA-256.
    private const int Iterations = 600_000;

    private readonly ECDsa _key;

    private SigningKey(ECDsa key)
    {
        _key = key;
        Id = KeyId.Of(key);
    }

    /// <summary>See <see cref="KeyId"/>.</summary>
    internal string Id { get; }

    /// <summary>The public key as PEM.</summary>
    internal string PublicPem => _key.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <summary>Draws a key.</summary>
    internal static SigningKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads an encrypted key; null if the passphrase is not its own.</summary>
    /// <exception cref="AuditException">The text is no encrypted private key for ECDSA over P-256.</exception>
    internal static SigningKey? Decrypt(string pem, string passphrase, string source)
    {
        if (!PemEncoding.TryFind(pem, out var fields) || pem[fields.Label] != "ENCRYPTED PRIVATE KEY")
            throw new AuditException($"'{source}' is no encrypted private key; make one with 'keys new'.");
        var key = ECDsa.Create();
        try
        {
            key.ImportFromEncryptedPem(pem, passphrase);
            return KeyId.IsP256(key)
                ? new(key)
                : throw new AuditException($"'{source}' is no key of the curve P-256; make one with 'keys new'.");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The key as PKCS #8 in PEM, encrypted with AES-256; the key comes of the passphrase by PBKDF2.</summary>
    internal string Encrypt(string passphrase) =>
        _key.ExportEncryptedPkcs8PrivateKeyPem(
            passphrase,
            new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Iterations)
        ) + "\n";

    internal byte[] Sign(ReadOnlySpan<byte> text) =>
        _key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose() => _key.Dispose();
}
