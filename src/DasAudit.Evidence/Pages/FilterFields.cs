using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Document;
using DasAudit.Evidence.Exports.Html;
using DasAudit.Evidence.Queries;

namespace DasAudit.Evidence.Pages;

/// <summary>The form above a list. It works without scripts: its fields go into the address.</summary>
internal static class FilterFields
{
    private const int MostSuggestions = 100;

    private static readonly IReadOnlyList<Field> Usual =
    [
        new(FilterTerms.Image, "Audited picture", "part of its path, or a hash"),
        new(FilterTerms.RightsHolder, "Rights holder", "the whole name"),
        new(FilterTerms.Share, "Share, at least", "0.5 or 50%"),
        new(FilterTerms.License, "Licence of a listed picture", "CC-BY-4.0"),
        new(FilterTerms.Word, "Evidence, at least", ""),
        new(FilterTerms.Model, "Model", "part of its path, or a hash"),
    ];

    private static readonly IReadOnlyList<Field> Further =
    [
        new(FilterTerms.From, "Made at or after (UTC)", "2026-01-31"),
        new(FilterTerms.Until, "Made before (UTC)", "2026-01-31"),
        new(FilterTerms.Method, "Method", "das"),
        new(FilterTerms.Dataset, "Dataset", "part of its path, or its root"),
        new(FilterTerms.Picture, "A listed picture", "its path, or a hash"),
    ];

    internal static void Write(HtmlWriter html, ReportList list)
    {
        using var form = html.Open(
            "form",
            ("class", "filter"),
            ("method", "get"),
            ("action", SiteLinks.FromList.List),
            ("role", "search"),
            ("aria-label", "Filter reports")
        );
        WriteProblems(html, list.Form);
        WriteFields(html, list.Form, Usual);
        var isOpen = Further.Any(field => list.Form.Value(field.Key).Length > 0);
        using (html.Open("details", ("open", isOpen ? "" : null)))
        {
            html.Element("summary", "Date, method, dataset, listed picture");
            WriteFields(html, list.Form, Further);
        }

        using (html.Open("p", ("class", "actions")))
        {
            html.Element("button", "Filter", ("type", "submit"));
            if (list.Form.IsFilter)
                html.Element("a", "Show all", ("href", SiteLinks.FromList.List));
        }

        WriteSuggestions(html, list.All);
    }

    private static void WriteProblems(HtmlWriter html, FilterForm form)
    {
        if (form.Problems.Count == 0)
            return;
        using var problems = html.Open("ul", ("class", "problems"), ("role", "alert"));
        foreach (var (key, sentence) in form.Problems)
            html.Element("li", Content.Foreign(sentence), ("id", IsField(key) ? ProblemId(key) : null));
    }

    private static void WriteFields(HtmlWriter html, FilterForm form, IReadOnlyList<Field> fields)
    {
        using var grid = html.Open("div", ("class", "fields"));
        foreach (var field in fields)
        {
            using var label = html.Open("label");
            html.Element("span", field.Label);
            var isWrong = form.Problems.ContainsKey(field.Key);
            if (field.Key == FilterTerms.Word)
                WriteWords(html, form, isWrong);
            else
                WriteText(html, form, field, isWrong);
        }
    }

    private static void WriteText(HtmlWriter html, FilterForm form, Field field, bool isWrong) =>
        html.Void(
            "input",
            ("type", "text"),
            ("name", field.Key),
            ("value", form.Value(field.Key)),
            ("placeholder", field.Example),
            ("list", HasSuggestions(field.Key) ? SuggestionsId(field.Key) : null),
            ("autocomplete", "off"),
            ("spellcheck", "false"),
            ("aria-invalid", isWrong ? "true" : null),
            ("aria-describedby", isWrong ? ProblemId(field.Key) : null)
        );

    private static void WriteWords(HtmlWriter html, FilterForm form, bool isWrong)
    {
        using var select = html.Open(
            "select",
            ("name", FilterTerms.Word),
            ("aria-invalid", isWrong ? "true" : null),
            ("aria-describedby", isWrong ? ProblemId(FilterTerms.Word) : null)
        );
        html.Element("option", "any", ("value", ""));
        foreach (var word in FilterTerms.Words.Select(strength => strength.Name()))
        {
            var isChosen = word.Equals(form.Value(FilterTerms.Word), StringComparison.OrdinalIgnoreCase);
            html.Element("option", word, ("value", word), ("selected", isChosen ? "" : null));
        }
    }

    private static void WriteSuggestions(HtmlWriter html, IReadOnlyList<ReportSummary> all)
    {
        Write(FilterTerms.RightsHolder, all.Select(report => report.Group).OfType<string>());
        Write(FilterTerms.Model, all.Select(report => report.ModelPath));
        Write(FilterTerms.Method, all.Select(report => report.Method));

        void Write(string key, IEnumerable<string> values)
        {
            using var suggestions = html.Open("datalist", ("id", SuggestionsId(key)));
            foreach (var value in values.Distinct(StringComparer.Ordinal).Take(MostSuggestions))
                html.Element("option", "", ("value", value));
        }
    }

    private static bool HasSuggestions(string key) =>
        key is FilterTerms.RightsHolder or FilterTerms.Model or FilterTerms.Method;

    private static bool IsField(string key) => FilterTerms.Keys.Contains(key, StringComparer.Ordinal);

    private static string SuggestionsId(string key) => $"suggestions-{key}";

    private static string ProblemId(string key) => $"problem-{key}";

    private sealed record Field(string Key, string Label, string Example);
}
