using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace DasAudit.Evidence.Signatures.Timestamps;

/// <summary>Asks a time-stamping authority (RFC 3161 over HTTP). It sees a hash and nothing else.</summary>
/// <param name="http">Sends the request; its buffer limits the answer.</param>
internal sealed class TimestampClient(HttpClient http)
{
    /// <summary>The largest answer, in bytes.</summary>
    internal const int LongestAnswer = 1 << 20;

    private const string Query = "application/timestamp-query";
    private const int NonceBytes = 16;

    /// <summary>A token for data, in DER, with the authority's certificates.</summary>
    /// <exception cref="AuditException">
    /// The authority cannot be reached, refuses, or answers with something else.
    /// </exception>
    internal async Task<byte[]> StampAsync(Uri authority, byte[] data, CancellationToken cancellation)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var request = Rfc3161TimestampRequest.CreateFromData(
            data,
            HashAlgorithmName.SHA256,
            requestedPolicyId: null,
            nonce,
            requestSignerCertificates: true
        );
        using var content = new ByteArrayContent(request.Encode());
        content.Headers.ContentType = new MediaTypeHeaderValue(Query);
        try
        {
            using var response = await http.PostAsync(authority, content, cancellation).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
            var token = request.ProcessResponse(answer, out _).AsSignedCms().Encode();
            _ = TimestampReading.Of(token, data, authorities: null);
            return token;
        }
        catch (Exception e)
            when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw Failed(authority, "could not be reached or refused", e);
        }
        catch (Exception e) when (e is CryptographicException or InvalidDataException)
        {
            throw Failed(authority, "gave no valid token", e);
        }
    }

    private static AuditException Failed(Uri authority, string how, Exception cause) =>
        new(
            $"The time-stamping authority {authority} {how} ({cause.Message.TrimEnd('.')}); no bundle was written. Try "
                + "again, name another with {tsa}, or leave it out.",
            cause
        );
}
