namespace DasAudit.Core.Datasets.Licenses;

/// <summary>The licences that a stated licence names.</summary>
public static class NamedLicenses
{
    /// <summary>
    /// The licence as an SPDX expression in SPDX's spelling; null for a text that is neither an expression of known
    /// licences nor known in other words.
    /// </summary>
    public static string? Expression(string license) => LicenseReading.Of(license).Canonical;

    /// <summary>
    /// Their SPDX identifiers from left to right; none for a text that is neither an expression of known licences nor
    /// known in other words.
    /// </summary>
    public static IReadOnlyList<string> Of(string license) =>
        LicenseReading.Of(license).Canonical is { } known
            ? [.. LicenseParser.Parse(known).Terms.Select(term => term.Id).Distinct(StringComparer.Ordinal)]
            : [];
}
