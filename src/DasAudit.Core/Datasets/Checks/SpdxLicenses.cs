using System.Text.RegularExpressions;

namespace DasAudit.Core.Datasets.Checks;

/// <summary>The identifiers of SPDX that pictures and datasets are usually under.</summary>
/// <remarks>See https://spdx.org/licenses; the list is a part of it. Case does not matter, as SPDX has it.</remarks>
internal static partial class SpdxLicenses
{
    private static readonly string[] Others =
    [
        "0BSD",
        "AFL-3.0",
        "AGPL-3.0-only",
        "AGPL-3.0-or-later",
        "Apache-1.1",
        "Apache-2.0",
        "Artistic-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BSD-3-Clause-Clear",
        "BSD-4-Clause",
        "BSL-1.0",
        "C-UDA-1.0",
        "CC-PDDC",
        "CC0-1.0",
        "CDLA-Permissive-1.0",
        "CDLA-Permissive-2.0",
        "CDLA-Sharing-1.0",
        "CECILL-2.1",
        "DL-DE-BY-2.0",
        "DL-DE-ZERO-2.0",
        "ECL-2.0",
        "EPL-1.0",
        "EPL-2.0",
        "EUPL-1.1",
        "EUPL-1.2",
        "FSFAP",
        "GFDL-1.1-only",
        "GFDL-1.1-or-later",
        "GFDL-1.2-only",
        "GFDL-1.2-or-later",
        "GFDL-1.3-only",
        "GFDL-1.3-or-later",
        "GPL-2.0-only",
        "GPL-2.0-or-later",
        "GPL-3.0-only",
        "GPL-3.0-or-later",
        "ISC",
        "LAL-1.2",
        "LAL-1.3",
        "LGPL-2.1-only",
        "LGPL-2.1-or-later",
        "LGPL-3.0-only",
        "LGPL-3.0-or-later",
        "LPPL-1.3c",
        "MIT",
        "MIT-0",
        "MPL-1.1",
        "MPL-2.0",
        "MS-PL",
        "NCSA",
        "NLOD-1.0",
        "NLOD-2.0",
        "O-UDA-1.0",
        "ODbL-1.0",
        "ODC-By-1.0",
        "OFL-1.0",
        "OFL-1.1",
        "OGL-UK-1.0",
        "OGL-UK-2.0",
        "OGL-UK-3.0",
        "OSL-3.0",
        "PDDL-1.0",
        "Unlicense",
        "UPL-1.0",
        "W3C",
        "WTFPL",
        "Zlib",
        // Deprecated, but in use.
        "AGPL-3.0",
        "GFDL-1.2",
        "GFDL-1.3",
        "GPL-2.0",
        "GPL-3.0",
        "LGPL-2.1",
        "LGPL-3.0",
    ];

    private static readonly HashSet<string> Known = new(
        [.. CreativeCommons(), .. Others],
        StringComparer.OrdinalIgnoreCase
    );

    // By letters and digits alone.
    private static readonly Dictionary<string, string> ByLetters = Known.ToDictionary(Letters);

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

    /// <summary>Whether a text is an identifier of the list, or an expression of such.</summary>
    public static bool Knows(string license)
    {
        var words = Joints().Split(license.Trim()).Select(word => word.Trim('(', ')', ' ').TrimEnd('+')).ToList();
        return words.All(word => Known.Contains(word) || Reference().IsMatch(word));
    }

    /// <summary>The identifier that a text probably means; null if none is near.</summary>
    public static string? Suggest(string license)
    {
        if (Address().Match(license) is { Success: true } address)
            return ByLetters.GetValueOrDefault(Letters($"CC-{address.Groups[1].Value}-{address.Groups[2].Value}"));
        if (ZeroAddress().IsMatch(license))
            return "CC0-1.0";
        var letters = Spellings.Aggregate(
            Letters(license),
            (text, spelling) => text.Replace(spelling.Words, spelling.Short, StringComparison.Ordinal)
        );
        // A version may be left out or cut short where there is one alone.
        return ByLetters.GetValueOrDefault(letters)
            ?? ByLetters.GetValueOrDefault(letters + "0")
            ?? ByLetters.GetValueOrDefault(VersionMark().Replace(letters, "$1"))
            ?? Single(letters);
    }

    private static string? Single(string letters)
    {
        var versions = Known.Where(id => Letters(Version().Replace(id, "")) == letters).ToList();
        return versions.Count == 1 ? versions[0] : null;
    }

    private static IEnumerable<string> CreativeCommons() =>
        from version in (string[])["1.0", "2.0", "2.5", "3.0", "4.0"]
        from kind in (string[])["BY", "BY-NC", "BY-NC-ND", "BY-NC-SA", "BY-ND", "BY-SA"]
        select $"CC-{kind}-{version}";

    private static string Letters(string text) =>
        string.Concat(text.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant));

    [GeneratedRegex(@"\s+(?:AND|OR|WITH)\s+", RegexOptions.IgnoreCase)]
    private static partial Regex Joints();

    [GeneratedRegex(@"^(?:DocumentRef-[\w.-]+:)?LicenseRef-[\w.-]+$")]
    private static partial Regex Reference();

    [GeneratedRegex(@"creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"creativecommons\.org/publicdomain/zero/1\.0", RegexOptions.IgnoreCase)]
    private static partial Regex ZeroAddress();

    [GeneratedRegex(@"-[\d.]+$")]
    private static partial Regex Version();

    [GeneratedRegex(@"V(\d+)$")]
    private static partial Regex VersionMark();
}
