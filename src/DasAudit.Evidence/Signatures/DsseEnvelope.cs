using System.Globalization;
using System.Text;
using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Evidence.Signatures;

/// <summary>A signature in an envelope.</summary>
/// <param name="Keyid">See <see cref="KeyId"/>.</param>
/// <param name="Sig">ECDSA signature in DER, Base64.</param>
internal sealed record DsseSignature(string Keyid, string Sig);

/// <summary>
/// A Dead Simple Signing Envelope, version 1.0 (github.com/secure-systems-lab/dsse). Each signature is over the
/// payload's type and bytes, never over their encoding.
/// </summary>
/// <param name="PayloadType">Media type of the payload.</param>
/// <param name="Payload">Base64.</param>
/// <param name="Signatures">In order of their keys' ids, one a key.</param>
internal sealed record DsseEnvelope(string PayloadType, string Payload, IReadOnlyList<DsseSignature> Signatures)
{
    /// <summary>The payload type of in-toto statements.</summary>
    internal const string InToto = "application/vnd.in-toto+json";

    /// <summary>The payload's bytes.</summary>
    internal byte[] Content => Convert.FromBase64String(Payload);

    /// <summary>Signs a payload with each key once.</summary>
    internal static DsseEnvelope Sign(string payloadType, byte[] payload, IReadOnlyList<SigningKey> keys) =>
        new DsseEnvelope(payloadType, Convert.ToBase64String(payload), []).SignedAlsoBy(keys);

    /// <summary>The same with a signature of each key beside those that are there; a key's own is made anew.</summary>
    internal DsseEnvelope SignedAlsoBy(IReadOnlyList<SigningKey> keys)
    {
        var text = Encode(PayloadType, Content);
        var signatures = keys.DistinctBy(key => key.Id)
            .Select(key => new DsseSignature(key.Id, Convert.ToBase64String(key.Sign(text))));
        IEnumerable<DsseSignature> all = [.. signatures, .. Signatures];
        return this with
        {
            Signatures =
            [
                .. all.DistinctBy(signature => signature.Keyid)
                    .OrderBy(signature => signature.Keyid, StringComparer.Ordinal),
            ],
        };
    }

    /// <summary>Reads an envelope.</summary>
    /// <exception cref="JsonException">It is none, or not written as <see cref="ToJson"/> writes it.</exception>
    internal static DsseEnvelope Parse(ReadOnlySpan<byte> json)
    {
        var envelope = JsonSerializer.Deserialize<DsseEnvelope>(json, JsonDocuments.Options);
        if (envelope is not { PayloadType: not null, Payload: not null, Signatures.Count: > 0 and <= 100 })
            throw new JsonException("The document is no signed envelope.");
        envelope.Check();
        return json.SequenceEqual(envelope.ToJson())
            ? envelope
            : throw new JsonException("The envelope is not in canonical form.");
    }

    /// <summary>The envelope as canonical JSON.</summary>
    internal byte[] ToJson() => CanonicalJson.Serialize(this);

    /// <summary>Whether the key signed the payload; null where no signature names the key.</summary>
    internal bool? IsSignedBy(VerificationKey key)
    {
        if (Signatures.FirstOrDefault(signature => signature.Keyid == key.Id) is not { } signature)
            return null;
        return key.Verifies(Encode(PayloadType, Content), Convert.FromBase64String(signature.Sig));
    }

    /// <summary>What signatures are over: the pre-authentication encoding.</summary>
    internal static byte[] Encode(string payloadType, ReadOnlySpan<byte> payload)
    {
        var type = Encoding.UTF8.GetByteCount(payloadType);
        var start = string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {type} {payloadType} {payload.Length} ");
        return [.. Encoding.UTF8.GetBytes(start), .. payload];
    }

    // Base64 has bits that decoding passes over; text that encoding would not give is refused.
    private void Check()
    {
        if (!IsBase64(Payload) || Signatures.Any(signature => signature is not { Keyid: not null, Sig: not null }))
            throw new JsonException("The envelope's payload or a signature is none.");
        if (!Signatures.All(signature => IsBase64(signature.Sig)))
            throw new JsonException("A signature of the envelope is no Base64.");
        if (Signatures.Zip(Signatures.Skip(1), (a, b) => string.CompareOrdinal(a.Keyid, b.Keyid)).Any(o => o >= 0))
            throw new JsonException("The signatures of the envelope are out of order.");
    }

    private static bool IsBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            && Convert.ToBase64String(bytes, 0, length) == text;
    }
}
