namespace DasAudit.Core.Pictures.Statements;

/// <summary>The values of PLUS' property Data Mining, which IPTC's photo metadata have too.</summary>
internal static class DataMiningTerms
{
    private static readonly Dictionary<string, (SignalStance Stance, string Says)> Terms = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["DMI-UNSPECIFIED"] = (SignalStance.Silent, "mining and training are neither allowed nor prohibited"),
        ["DMI-ALLOWED"] = (SignalStance.Allowed, "mining and training are allowed"),
        ["DMI-PROHIBITED"] = (SignalStance.OptOut, "mining and training are prohibited"),
        ["DMI-PROHIBITED-AIMLTRAINING"] = (SignalStance.OptOut, "training AI and machine learning is prohibited"),
        ["DMI-PROHIBITED-GENAIMLTRAINING"] = (SignalStance.OptOut, "training generative AI is prohibited"),
        ["DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING"] = (
            SignalStance.OptOut,
            "mining and training are prohibited, except for the index of a search engine"
        ),
        ["DMI-PROHIBITED-SEECONSTRAINT"] = (
            SignalStance.OptOut,
            "mining and training are prohibited, except as Other Constraints say"
        ),
        ["DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR"] = (
            SignalStance.OptOut,
            "mining and training are prohibited, except as the embedded rights expression says, which was not read"
        ),
        ["DMI-PROHIBITED-SEELINKEDRIGHTSEXPR"] = (
            SignalStance.OptOut,
            "mining and training are prohibited, except as the linked rights expression says, which was not read"
        ),
    };

    /// <summary>What a value says: an address that ends in the term, or the term alone.</summary>
    public static (SignalStance Stance, string Says) Read(string value) =>
        Terms.TryGetValue(value[(value.LastIndexOf('/') + 1)..].Trim(), out var term)
            ? term
            : (SignalStance.Silent, "this is no value of the PLUS vocabulary, so a person must read it");
}
