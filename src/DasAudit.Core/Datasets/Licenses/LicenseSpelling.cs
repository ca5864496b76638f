using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace DasAudit.Core.Datasets.Licenses;

/// <summary>Finds the licence that a text in other words means.</summary>
internal static partial class LicenseSpelling
{
    // By letters and digits alone; what several identifiers share means none of them.
    private static readonly Lazy<FrozenDictionary<string, string>> ByLetters = new(() => Unique(Letters));

    // The same without a version, where there is one alone.
    private static readonly Lazy<FrozenDictionary<string, string>> ByName = new(() =>
        Unique(id => Letters(Version().Replace(id, "")))
    );

    private static readonly (string Words, string Short)[] Spellings =
    [
        ("CREATIVECOMMONSZERO", "CC0"),
        ("CREATIVECOMMONS", "CC"),
        ("ATTRIBUTION", "BY"),
        ("SHAREALIKE", "SA"),
        ("NONCOMMERCIAL", "NC"),
        ("NODERIVATIVES", "ND"),
        ("NODERIVS", "ND"),
        ("PUBLICDOMAINDEDICATION", ""),
        ("INTERNATIONAL", ""),
        ("UNPORTED", ""),
        ("UNIVERSAL", ""),
        ("GENERIC", ""),
        ("LICENSE", ""),
        ("LICENCE", ""),
        ("VERSION", ""),
    ];

    /// <summary>The identifier that a text probably means; null if none is near.</summary>
    public static string? Suggest(string license)
    {
        if (license.Length > LicenseParser.LongestText)
            return null;
        if (OfAddress(license) is { } named)
            return named;
        var letters = Spellings.Aggregate(
            Letters(license),
            (text, spelling) => text.Replace(spelling.Words, spelling.Short, StringComparison.Ordinal)
        );
        // A version may be left out or cut short where there is one alone.
        return ByLetters.Value.GetValueOrDefault(letters)
            ?? ByLetters.Value.GetValueOrDefault(letters + "0")
            ?? ByLetters.Value.GetValueOrDefault(VersionMark().Replace(letters, "$1"))
            ?? ByName.Value.GetValueOrDefault(letters);
    }

    /// <summary>The licence of Creative Commons whose address a text holds; null for none.</summary>
    public static string? OfAddress(string text)
    {
        if (Address().Match(text) is { Success: true } address)
            return ByLetters.Value.GetValueOrDefault(
                Letters($"CC-{address.Groups[1].Value}-{address.Groups[2].Value}")
            );
        if (PublicDomainAddress().Match(text) is not { Success: true } free)
            return null;
        return free.Groups[1].Value.Equals("zero", StringComparison.OrdinalIgnoreCase) ? "CC0-1.0" : "CC-PDM-1.0";
    }

    private static FrozenDictionary<string, string> Unique(Func<string, string> key) =>
        SpdxList
            .Licenses.GroupBy(key, StringComparer.Ordinal)
            .Where(group => group.Count() == 1)
            .ToFrozenDictionary(group => group.Key, group => group.Single(), StringComparer.Ordinal);

    private static string Letters(string text) =>
        string.Concat(text.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant));

    [GeneratedRegex(@"creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"creativecommons\.org/publicdomain/(zero|mark)/1\.0", RegexOptions.IgnoreCase)]
    private static partial Regex PublicDomainAddress();

    [GeneratedRegex(@"-[\d.]+$")]
    private static partial Regex Version();

    [GeneratedRegex(@"V(\d+)$")]
    private static partial Regex VersionMark();
}
