using System.Globalization;
using DasAudit.Evidence.Queries;

namespace DasAudit.Evidence.Pages;

/// <summary>What the address of a list asks for.</summary>
internal sealed class FilterForm
{
    internal const string PageKey = "page";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _problems = new(StringComparer.Ordinal);

    /// <summary>Reads the parameters; whatever is wrong with them is in <see cref="Problems"/>.</summary>
    internal FilterForm(IEnumerable<(string Name, string Value)> parameters)
    {
        foreach (var (name, value) in parameters)
            Read(name, value.Trim());
    }

    internal ReportFilter Filter { get; private set; } = ReportFilter.All;

    /// <summary>Which page of the list, from 1.</summary>
    internal int Page { get; private set; } = 1;

    /// <summary>Whether any term is asked for.</summary>
    internal bool IsFilter => _values.Count > 0;

    /// <summary>Sentences, by the parameter that they are about.</summary>
    internal IReadOnlyDictionary<string, string> Problems => _problems;

    /// <summary>What was written for a term; empty for nothing.</summary>
    internal string Value(string key) => _values.GetValueOrDefault(key, "");

    /// <summary>The address of the same list at another page.</summary>
    internal string AtPage(SiteLinks links, int page) =>
        links.ListWith([
            .. FilterTerms.Keys.Select(key => (key, (string?)Value(key))),
            (PageKey, page == 1 ? null : page.ToString(CultureInfo.InvariantCulture)),
        ]);

    private void Read(string name, string value)
    {
        if (value.Length == 0)
            return;
        if (name == PageKey)
            ReadPage(value);
        else if (!FilterTerms.Keys.Contains(name, StringComparer.Ordinal))
            _problems[name] = $"There is no filter '{name}'; filters are {string.Join(", ", FilterTerms.Keys)}.";
        else if (!_values.TryAdd(name, value))
            _problems[name] = $"The filter '{name}' stands twice.";
        else
            ReadTerm(name, value);
    }

    private void ReadTerm(string name, string value)
    {
        try
        {
            Filter = FilterTerms.With(Filter, name, value);
        }
        catch (FormatException e)
        {
            _problems[name] = $"{e.Message}.";
        }
    }

    private void ReadPage(string value)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page > 0)
            Page = page;
        else
            _problems[PageKey] = $"'{value}' is no page; pages are numbered from 1.";
    }
}
