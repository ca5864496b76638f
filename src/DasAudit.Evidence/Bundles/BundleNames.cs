namespace DasAudit.Evidence.Bundles;

/// <summary>What the files in a bundle are called.</summary>
internal static class BundleNames
{
    /// <summary>How a bundle's own name ends.</summary>
    internal const string Ending = ".dasaudit.zip";

    internal const string Manifest = "manifest.json";
    internal const string ReadMe = "README.txt";
    internal const string Report = "report.json";
    internal const string Html = "report.html";
    internal const string Csv = "scores.csv";
    internal const string Parquet = "scores.parquet";
    internal const string Record = "record.json";
    internal const string Dataset = "dataset.json";
    internal const string ModelSignature = "model.sig";
    internal const string Statement = "statement.dsse.json";
    internal const string Timestamp = "statement.tsr";

    private const string LicenseFolder = "licenses/";
    private const string PictureFolder = "thumbnails/";

    private static readonly string[] Single =
    [
        Manifest,
        ReadMe,
        Report,
        Html,
        Csv,
        Parquet,
        Record,
        Dataset,
        ModelSignature,
        Statement,
        Timestamp,
    ];

    /// <summary>For people who find the files without the tool.</summary>
    internal const string ReadMeText = """
        One report of das-audit, with all that is needed to read and verify it. Nothing here is compressed.

        manifest.json        the SHA-256 and size of every other file, but for the two statement files
        report.json          the report; the document that all else is about
        report.html          the same for people: a page that needs nothing else
        scores.csv           the listed pictures as a table; scores.parquet is the same table
        record.json          the report's place in the chain of records of the store that it comes from
        dataset.json         roots of the sorted hashes of the dataset's pictures, for proofs that it lacks one
        model.sig            the model's own signature (OpenSSF model signing), as it was found
        licenses/            texts of the licences of the listed pictures
        thumbnails/          the small pictures that report.html shows, by the SHA-256 of their PNG files
        statement.dsse.json  an in-toto statement on the report in a DSSE envelope, with one signature or several
        statement.tsr        a token of a time-stamping authority (RFC 3161) for statement.dsse.json

        Not every bundle holds all of them. To verify, with the signer's public key from elsewhere:

            dotnet das-audit reports verify THIS.dasaudit.zip --key PUBLIC.pem

        By hand: compare manifest.json with sha256sum; decode "payload" of statement.dsse.json by Base64, compare its
        "manifest" with the SHA-256 of manifest.json; verify each "sig" (ECDSA P-256, SHA-256, DER) over the text
        "DSSEv1 28 application/vnd.in-toto+json LENGTH PAYLOAD" with openssl dgst -sha256 -verify; and
        openssl ts -verify -data statement.dsse.json -in statement.tsr -token_in -CAfile AUTHORITY.pem.

        """;

    internal static string License(string id) => $"{LicenseFolder}{id}.txt";

    internal static string Picture(string sha256) => $"{PictureFolder}{sha256}.png";

    /// <summary>Whether a name begins as those of small pictures do.</summary>
    internal static bool IsPicture(string name) => name.StartsWith(PictureFolder, StringComparison.Ordinal);

    /// <summary>Whether the manifest leaves a file out, because it is made of the manifest.</summary>
    internal static bool IsBesideManifest(string name) => name is Manifest or Statement or Timestamp;

    /// <summary>Whether a bundle may hold a file of this name; none of them leads out of a folder.</summary>
    internal static bool IsKnown(string name) =>
        Single.Contains(name, StringComparer.Ordinal)
        || Within(name, LicenseFolder, ".txt") is { Length: > 0 and <= 64 } license
            && license.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-')
        || Within(name, PictureFolder, ".png") is { Length: 64 } picture && picture.All(char.IsAsciiHexDigitLower);

    private static string? Within(string name, string folder, string ending) =>
        name.StartsWith(folder, StringComparison.Ordinal) && name.EndsWith(ending, StringComparison.Ordinal)
            ? name[folder.Length..^ending.Length]
            : null;
}
