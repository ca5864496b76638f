namespace DasAudit.Core.Datasets.Licenses;

/// <summary>What well-known licences ask for, in coarse terms; no legal advice.</summary>
internal static class LicenseTable
{
    /// <summary>What is said of a licence that the table has not.</summary>
    public const string NotKnown = "not known to this program";

    // The first that the identifier begins with counts.
    private static readonly (string Start, LicenseTraits Traits)[] Families =
    [
        ("CC0-", LicenseTraits.PublicDomain),
        ("CC-PDDC", LicenseTraits.PublicDomain),
        ("CC-PDM-", LicenseTraits.PublicDomain),
        ("PDDL-", LicenseTraits.PublicDomain),
        ("Unlicense", LicenseTraits.PublicDomain | LicenseTraits.Software),
        ("0BSD", LicenseTraits.PublicDomain | LicenseTraits.Software),
        ("MIT-0", LicenseTraits.PublicDomain | LicenseTraits.Software),
        ("WTFPL", LicenseTraits.PublicDomain | LicenseTraits.Software),
        ("DL-DE-ZERO-", LicenseTraits.PublicDomain),
        ("CDLA-Permissive-", LicenseTraits.Attribution),
        ("CDLA-Sharing-", LicenseTraits.Attribution | LicenseTraits.ShareAlike),
        ("ODC-By-", LicenseTraits.Attribution),
        ("ODbL-", LicenseTraits.Attribution | LicenseTraits.ShareAlike),
        ("DL-DE-BY-", LicenseTraits.Attribution),
        ("OGL-UK-", LicenseTraits.Attribution),
        ("O-UDA-", LicenseTraits.Attribution),
        ("C-UDA-", LicenseTraits.Attribution | LicenseTraits.ComputationOnly),
        ("LAL-", LicenseTraits.Attribution | LicenseTraits.ShareAlike),
        ("GFDL-", LicenseTraits.Attribution | LicenseTraits.ShareAlike),
        ("OFL-", LicenseTraits.Attribution | LicenseTraits.ShareAlike | LicenseTraits.Software),
        ("MIT", LicenseTraits.Attribution | LicenseTraits.Software),
        ("ISC", LicenseTraits.Attribution | LicenseTraits.Software),
        ("Zlib", LicenseTraits.Attribution | LicenseTraits.Software),
        ("Apache-", LicenseTraits.Attribution | LicenseTraits.Software),
        ("BSD-2-Clause", LicenseTraits.Attribution | LicenseTraits.Software),
        ("BSD-3-Clause", LicenseTraits.Attribution | LicenseTraits.Software),
        ("GPL-", LicenseTraits.Attribution | LicenseTraits.Copyleft | LicenseTraits.Software),
        ("LGPL-", LicenseTraits.Attribution | LicenseTraits.Copyleft | LicenseTraits.Software),
        ("AGPL-", LicenseTraits.Attribution | LicenseTraits.Copyleft | LicenseTraits.Software),
        ("MPL-", LicenseTraits.Attribution | LicenseTraits.Copyleft | LicenseTraits.Software),
        ("EPL-", LicenseTraits.Attribution | LicenseTraits.Copyleft | LicenseTraits.Software),
        ("EUPL-", LicenseTraits.Attribution | LicenseTraits.Copyleft | LicenseTraits.Software),
        ("OSL-", LicenseTraits.Attribution | LicenseTraits.Copyleft | LicenseTraits.Software),
    ];

    private static readonly (LicenseTraits Trait, string Words)[] Names =
    [
        (LicenseTraits.PublicDomain, "public domain, or as free"),
        (LicenseTraits.Attribution, "attribution required"),
        (LicenseTraits.ShareAlike, "share-alike"),
        (LicenseTraits.NonCommercial, "non-commercial"),
        (LicenseTraits.NoDerivatives, "no derivatives"),
        (LicenseTraits.Copyleft, "copyleft"),
        (LicenseTraits.ComputationOnly, "for computation only"),
        (LicenseTraits.Software, "a licence for software"),
    ];

    /// <summary>What one licence asks for; <see cref="LicenseTraits.Unknown"/> where the table has none.</summary>
    public static LicenseTraits Of(LicenseTerm term)
    {
        if (!term.IsKnown)
            return LicenseTraits.Unknown;
        var family = Array.Find(Families, family => Begins(term.Id, family.Start));
        return family.Start is null ? CreativeCommons(term.Id) : family.Traits;
    }

    /// <summary>What an expression asks for, in words: "attribution required, share-alike".</summary>
    public static string Words(LicenseExpression expression) =>
        expression switch
        {
            LicenseTerm term => Words(Of(term)),
            LicenseJoint { IsChoice: true } choice =>
                $"a choice: {string.Join("; or ", choice.Parts.Select(Words).Distinct(StringComparer.Ordinal))}",
            LicenseJoint joint => string.Join("; and ", joint.Parts.Select(Words).Distinct(StringComparer.Ordinal)),
            _ => NotKnown,
        };

    /// <summary>The same of a stated licence; an unreadable one is not known.</summary>
    public static string Words(string license) =>
        LicenseReading.Of(license) is { Expression: { } expression } ? Words(expression) : NotKnown;

    /// <summary>Whether all licences of an expression are known as ones for software.</summary>
    public static bool IsSoftware(LicenseExpression expression) =>
        expression.Terms.All(term => Of(term).HasFlag(LicenseTraits.Software));

    private static string Words(LicenseTraits traits) =>
        traits == LicenseTraits.Unknown
            ? NotKnown
            : string.Join(", ", Names.Where(name => traits.HasFlag(name.Trait)).Select(name => name.Words));

    private static LicenseTraits CreativeCommons(string id)
    {
        if (!Begins(id, "CC-BY-"))
            return LicenseTraits.Unknown;
        var parts = id.Split('-');
        var traits = LicenseTraits.Attribution;
        if (parts.Contains("SA"))
            traits |= LicenseTraits.ShareAlike;
        if (parts.Contains("NC"))
            traits |= LicenseTraits.NonCommercial;
        if (parts.Contains("ND"))
            traits |= LicenseTraits.NoDerivatives;
        return traits;
    }

    // "MIT" is no beginning of "MITNFA".
    private static bool Begins(string id, string start) =>
        id.StartsWith(start, StringComparison.Ordinal) && (start.EndsWith('-') || id.Length == start.Length);
}
