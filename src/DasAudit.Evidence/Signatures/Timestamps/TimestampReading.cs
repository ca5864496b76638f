using System.Security.Cryptography.Pkcs;

namespace DasAudit.Evidence.Signatures.Timestamps;

/// <summary>What a valid token of RFC 3161 says.</summary>
/// <param name="Time">When the authority saw the data.</param>
/// <param name="Authority">The subject of its certificate.</param>
internal sealed record TimestampReading(DateTimeOffset Time, string Authority)
{
    /// <summary>Reads a token and verifies its signature.</summary>
    /// <param name="token">In DER.</param>
    /// <param name="data">What it must be about.</param>
    /// <param name="authorities">What its certificate must lead to; null for anything.</param>
    /// <exception cref="InvalidDataException">It is none, about something else, or not valid.</exception>
    internal static TimestampReading Of(byte[] token, byte[] data, TimestampAuthorities? authorities)
    {
        if (!Rfc3161TimestampToken.TryDecode(token, out var decoded, out var length) || length != token.Length)
            throw new InvalidDataException("it is no token of RFC 3161");
        if (!decoded.VerifySignatureForData(data, out var certificate) || certificate is null)
            throw new InvalidDataException("it is about another statement, or its signature is not valid");
        var time = decoded.TokenInfo.Timestamp;
        var certificates = decoded.AsSignedCms().Certificates;
        return authorities?.Vouch(certificate, certificates, time) == false
            ? throw new InvalidDataException(
                $"its certificate ({certificate.Subject}) does not lead to the given ones of an authority"
            )
            : new(time, certificate.Subject);
    }
}
