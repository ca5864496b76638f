using System.Text.RegularExpressions;

namespace DasAudit.Core.Datasets.Licenses;

/// <summary>Recognises the text of a licence by its SPDX tag, or by its title.</summary>
internal static partial class LicenseTexts
{
    private const int TitleLines = 6;

    /// <param name="name">The file's.</param>
    public static IEnumerable<PackageLicense> Read(string name, string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
            if (Tag().Match(lines[i]) is { Success: true } tag)
            {
                yield return new(name, $"{name}, line {i + 1}", tag.Groups[1].Value.Trim())
                {
                    IsOfPackage = true,
                    IsText = true,
                };
                yield break;
            }

        yield return new(name, name, Title(lines)) { IsOfPackage = true, IsText = true };
    }

    // Titles are broken: "Apache License" and, below it, "Version 2.0, January 2004".
    private static string? Title(string[] lines)
    {
        var first = lines.Select(line => line.Trim()).Where(line => line.Length > 0).Take(TitleLines).ToList();
        for (var i = 0; i < first.Count; i++)
        {
            var two = i + 1 < first.Count ? $"{first[i]} {Date().Replace(first[i + 1], "")}" : first[i];
            if (LicenseSpelling.Suggest(two) is { } joined)
                return joined;
            if (LicenseReading.Of(first[i]).Canonical is { } single)
                return single;
        }

        return null;
    }

    [GeneratedRegex(@"SPDX-License-Identifier:\s*(.+?)\s*(?:-->|\*/)?\s*$")]
    private static partial Regex Tag();

    [GeneratedRegex(
        @",?\s*\d{0,2}\s*(January|February|March|April|May|June|July|August|September|October|November|December).*$"
    )]
    private static partial Regex Date();
}
