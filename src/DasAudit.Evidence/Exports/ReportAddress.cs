using System.Globalization;

namespace DasAudit.Evidence.Exports;

/// <summary>What documents for other programs call a report, its parts and files: absolute IRIs.</summary>
internal static class ReportAddress
{
    private const int Sha256Length = 64;

    /// <summary>The report, <c>urn:uuid:…</c>: a ULID and a UUID are both 128 bits.</summary>
    internal static string Of(AuditReport report) =>
        string.Create(CultureInfo.InvariantCulture, $"urn:uuid:{Ulid.Parse(report.Id).ToGuid():D}");

    /// <summary>A part of it.</summary>
    internal static string Of(AuditReport report, string part) => $"{Of(report)}#{part}";

    /// <summary>
    /// A file by its hash (RFC 6920), so that documents on the same file agree; null for what is no SHA-256.
    /// </summary>
    internal static string? OfFile(string sha256)
    {
        if (sha256.Length != Sha256Length || !sha256.All(char.IsAsciiHexDigit))
            return null;
        var digest = Convert.ToBase64String(Convert.FromHexString(sha256));
        return $"ni:///sha-256;{digest.TrimEnd('=').Replace('+', '-').Replace('/', '_')}";
    }
}
