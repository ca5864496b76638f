namespace DasAudit.Core.Datasets.Licenses;

/// <summary>What a stated licence is.</summary>
/// <param name="Text">As stated.</param>
/// <param name="Expression">Null where the text is none.</param>
/// <param name="Problem">What is wrong with it, in words; null for an expression of known licences.</param>
internal sealed record LicenseReading(string Text, LicenseExpression? Expression, string? Problem)
{
    /// <summary>Reads a text, whatever it is.</summary>
    public static LicenseReading Of(string text)
    {
        try
        {
            var expression = LicenseParser.Parse(text);
            return new(text, expression, Unknown(expression));
        }
        catch (LicenseSyntaxException e)
        {
            return new(text, null, e.Message);
        }
    }

    /// <summary>The licence in SPDX's spelling, also for a text in other words; null where it is not known.</summary>
    public string? Canonical => Problem is null ? Expression!.ToString() : LicenseSpelling.Suggest(Text);

    /// <summary>The licences that it names, in one spelling; none where it is not known.</summary>
    public IReadOnlyList<string> Licenses =>
        Canonical is { } known ? [.. LicenseParser.Parse(known).Terms.Select(term => term.ToString())] : [];

    private static string? Unknown(LicenseExpression expression)
    {
        List<string> licenses = [.. expression.Terms.Where(term => !term.IsKnown).Select(term => $"'{term.Id}'")];
        List<string> exceptions =
        [
            .. expression.Terms.Where(term => !term.IsExceptionKnown).Select(term => $"exception '{term.Exception}'"),
        ];
        List<string> unknown = [.. licenses.Concat(exceptions).Distinct(StringComparer.Ordinal)];
        return unknown.Count == 0 ? null : $"{SpdxList.Name} has no {string.Join(" and no ", unknown)}";
    }
}
