using System.Text.RegularExpressions;
using DasAudit.Core.Datasets.Licenses;
using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Core.Datasets.Signals;

/// <summary>Understands texts on rights in picture files, so far as a program can.</summary>
internal static partial class EmbeddedRights
{
    /// <summary>What stands for a notice that reserves everything.</summary>
    public const string AllReserved = "all rights reserved";

    private const int ShortestName = 2;

    /// <summary>The licence that a text states, by SPDX, or <see cref="AllReserved"/>; null for none.</summary>
    public static string? LicenseOf(RightsText text)
    {
        // A notice may name a university that is called like a licence.
        var license =
            text.Kind == RightsTextKind.License ? LicenseReading.Of(text.Text).Canonical
            : text.Kind == RightsTextKind.Notice ? LicenseSpelling.OfAddress(text.Text)
            : null;
        var mayReserve = text.Kind is RightsTextKind.License or RightsTextKind.Notice;
        return license
            ?? (mayReserve && text.Text.Contains(AllReserved, StringComparison.OrdinalIgnoreCase) ? AllReserved : null);
    }

    /// <summary>Whether a text names a holder: a name, or a notice with more than signs and years.</summary>
    public static bool NamesHolder(RightsText text) =>
        text.Kind switch
        {
            RightsTextKind.Holder => Letters(text.Text).Length >= ShortestName,
            RightsTextKind.Notice => IsNotice(text)
                && Letters(Furniture().Replace(text.Text, "")).Length >= ShortestName,
            _ => false,
        };

    /// <summary>Whether a text and metadata may name the same holder; semicolons part several.</summary>
    public static bool IsHolder(string text, string stated)
    {
        var named = Letters(Furniture().Replace(text, ""));
        return stated
            .Split(';')
            .Select(Letters)
            .Any(name =>
                name.Length > 0
                && (named.Contains(name, StringComparison.Ordinal) || name.Contains(named, StringComparison.Ordinal))
            );
    }

    // Dublin Core's rights may be terms; the others are notices by their definition.
    private static bool IsNotice(RightsText text) =>
        !text.Text.Contains("licen", StringComparison.OrdinalIgnoreCase)
        && LicenseSpelling.OfAddress(text.Text) is null
        && (!text.Place.StartsWith("XMP", StringComparison.Ordinal) || Sign().IsMatch(text.Text));

    private static string Letters(string text) =>
        string.Concat(text.Where(char.IsLetter).Select(char.ToUpperInvariant));

    [GeneratedRegex(@"©|\(c\)|copyright", RegexOptions.IgnoreCase)]
    private static partial Regex Sign();

    [GeneratedRegex(@"©|\(c\)|copyright|all rights reserved|\bby\b|\d", RegexOptions.IgnoreCase)]
    private static partial Regex Furniture();
}
