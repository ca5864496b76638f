using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DasAudit.Evidence.Signatures.Timestamps;

/// <summary>Root certificates that a time stamp must lead to.</summary>
internal sealed class TimestampAuthorities
{
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";

    private readonly X509Certificate2Collection _roots = [];

    /// <summary>Reads certificates in PEM.</summary>
    /// <exception cref="AuditException">The text holds none.</exception>
    internal static TimestampAuthorities Parse(string pem, string source)
    {
        var authorities = new TimestampAuthorities();
        try
        {
            authorities._roots.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw None(source, e);
        }

        return authorities._roots.Count > 0 ? authorities : throw None(source, null);
    }

    /// <summary>Whether a certificate led to one of the roots when it stamped.</summary>
    internal bool Vouch(X509Certificate2 certificate, X509Certificate2Collection others, DateTimeOffset time)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        chain.ChainPolicy.ExtraStore.AddRange(others);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(TimeStamping));
        chain.ChainPolicy.VerificationTime = time.UtcDateTime;

        // Nothing is fetched.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(certificate);
    }

    private static AuditException None(string source, Exception? cause) =>
        new($"'{source}' holds no certificate in PEM; name the authority's root certificate.", cause);
}
