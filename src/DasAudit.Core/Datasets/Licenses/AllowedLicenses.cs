using System.Collections.Frozen;

namespace DasAudit.Core.Datasets.Licenses;

/// <summary>A list of licences that somebody allows.</summary>
public sealed class AllowedLicenses
{
    private readonly IReadOnlyList<string> _texts;
    private readonly FrozenSet<string> _terms;

    private AllowedLicenses(IReadOnlyList<string> texts, FrozenSet<string> terms) => (_texts, _terms) = (texts, terms);

    /// <summary>Reads a list: identifiers of SPDX's list, perhaps with an exception, or <c>LicenseRef-…</c>.</summary>
    /// <param name="wrong">Makes the error of an entry, given its place in the list and what is wrong with it.</param>
    public static AllowedLicenses Of(IReadOnlyList<string> licenses, Func<int, string, Exception> wrong)
    {
        ArgumentNullException.ThrowIfNull(licenses);
        ArgumentNullException.ThrowIfNull(wrong);
        var terms = licenses.Select((text, index) => Term(text, problem => wrong(index, problem))).ToList();
        return new(licenses, terms.ToFrozenSet(StringComparer.Ordinal));
    }

    /// <summary>
    /// Whether a stated licence is allowed: of several joined by OR one must be, of several joined by AND all. A known
    /// exception and "or later" only add to what a licence allows. No statement, and what is no known licence, is not
    /// allowed.
    /// </summary>
    public bool Allow(string? license) =>
        license is not null && LicenseReading.Of(license).Canonical is { } known && Allows(LicenseParser.Parse(known));

    /// <summary>The list as it was written, for people.</summary>
    public override string ToString() => string.Join(", ", _texts);

    private bool Allows(LicenseExpression expression) =>
        expression switch
        {
            LicenseJoint { IsChoice: true } joint => joint.Parts.Any(Allows),
            LicenseJoint joint => joint.Parts.All(Allows),
            LicenseTerm term => Allows(term),
            _ => false,
        };

    private bool Allows(LicenseTerm term)
    {
        if (_terms.Contains(term.ToString()))
            return true;
        // What AdditionRef- stands for may also take away.
        var adds = term.Exception is null || SpdxList.Exceptions.Contains(term.Exception);
        return adds && (_terms.Contains(term.Id) || (term.OrLater && _terms.Contains(term.Id + "+")));
    }

    private static string Term(string text, Func<string, Exception> wrong)
    {
        var reading = LicenseReading.Of(text);
        if (reading is { Problem: null, Expression: LicenseTerm term })
            return term.ToString();
        if (reading.Expression is LicenseJoint)
            throw wrong($"'{text}' joins several licences; list each by itself");
        var remedy = LicenseSpelling.Suggest(text) is { } suggestion
            ? $"write {suggestion}"
            : "write an identifier of SPDX, or LicenseRef-NAME for another licence";
        throw wrong($"'{text}' is no licence of {SpdxList.Name}; {remedy}");
    }
}
