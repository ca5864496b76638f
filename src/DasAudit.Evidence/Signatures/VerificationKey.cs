using System.Security.Cryptography;

namespace DasAudit.Evidence.Signatures;

/// <summary>A public key: ECDSA over P-256, which says whether a signature is that of its private key.</summary>
internal sealed class VerificationKey : IDisposable
{
    private readonly ECDsa _key;

    private VerificationKey(ECDsa key, string source)
    {
        _key = key;
        Source = source;
        Id = KeyId.Of(key);
    }

    /// <summary>See <see cref="KeyId"/>.</summary>
    internal string Id { get; }

    /// <summary>Where it was read, as given.</summary>
    internal string Source { get; }

    /// <summary>Reads PEM text.</summary>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="AuditException">The text is no public key for ECDSA over P-256.</exception>
    internal static VerificationKey Parse(string pem, string source)
    {
        var key = ECDsa.Create();
        try
        {
            // A private key is never taken for a public one: whoever has it should not hand it about.
            if (!PemEncoding.TryFind(pem, out var fields) || pem[fields.Label] != "PUBLIC KEY")
                throw new AuditException(
                    $"'{source}' is no public key; name a file that 'keys new' wrote as .pub.pem."
                );
            key.ImportFromPem(pem);
            return KeyId.IsP256(key)
                ? new(key, source)
                : throw new AuditException($"'{source}' is no key of the curve P-256; name one that 'keys new' made.");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new AuditException($"'{source}' is no readable public key; use another copy of it.", e);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    internal bool Verifies(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature) =>
        _key.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose() => _key.Dispose();
}
