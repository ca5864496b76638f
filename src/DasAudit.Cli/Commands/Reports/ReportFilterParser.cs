using System.Text;
using System.Text.RegularExpressions;
using DasAudit.Cli.Settings;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Queries;

namespace DasAudit.Cli.Commands.Reports;

/// <summary>
/// Reads the filter language of <c>reports query</c>: terms <c>KEY=VALUE</c> (<c>share&gt;=NUMBER</c> and
/// <c>word&gt;=WORD</c>) joined by spaces, all of which must hold. A value goes on to the next term, so
/// <c>rights-holder=Google LLC license=MIT</c> needs no quotes; within quotes (<c>"…"</c>, a quote itself as
/// <c>\"</c>) anything may stand.
/// </summary>
internal static partial class ReportFilterParser
{
    /// <summary>Reads a filter, or throws a <see cref="UsageException"/> that names the column, from 1.</summary>
    public static ReportFilter Parse(string text)
    {
        var filter = ReportFilter.All;
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var position = SkipSpaces(text, 0);
        if (position == text.Length)
            throw new UsageException("The filter is empty; write terms such as model=unet, or use 'reports list'.");
        while (position < text.Length)
        {
            var (key, valueStart) = KeyAt(text, position);
            if (!keys.Add(key))
                throw At(position, $"'{key}' stands twice");
            var (value, end) = ValueAt(text, valueStart);
            if (value.Length == 0)
                throw At(valueStart, $"the value of '{key}' is missing");
            filter = With(filter, key, value, valueStart);
            position = SkipSpaces(text, end);
        }
        return filter;
    }

    private static (string Key, int End) KeyAt(string text, int position)
    {
        var term = TermStart().Match(text, position);
        if (!term.Success || term.Index != position)
        {
            var word = text[position..].Split(' ')[0];
            throw At(position, $"a term such as {FilterTerms.Keys[0]}=… is expected here, not '{word}'");
        }
        var key = term.Groups["key"].Value;
        if (!FilterTerms.Keys.Contains(key, StringComparer.Ordinal))
        {
            var hint = Nearest.To(key, FilterTerms.Keys) is { } near ? $" (did you mean '{near}'?)" : "";
            throw At(position, $"'{key}' is no key{hint}; keys are {string.Join(", ", FilterTerms.Keys)}");
        }
        var sign = term.Groups["sign"];
        var (expected, example) = key switch
        {
            "share" => (">=", ">=0.5"),
            "word" => (">=", ">=moderate"),
            _ => ("=", "=VALUE"),
        };
        if (sign.Value != expected)
            throw At(sign.Index, $"write {key}{example}, not {key}{sign.Value}");
        return (key, term.Index + term.Length);
    }

    private static ReportFilter With(ReportFilter filter, string key, string value, int at)
    {
        try
        {
            return FilterTerms.With(filter, key, value);
        }
        catch (FormatException e)
        {
            throw At(at, e.Message);
        }
    }

    private static (string Value, int End) ValueAt(string text, int from)
    {
        if (from < text.Length && text[from] == '"')
            return Quoted(text, from);
        var next = NextTerm().Match(text, from);
        var end = next.Success ? next.Index : text.Length;
        return (text[from..end].Trim(), end);
    }

    private static (string Value, int End) Quoted(string text, int from)
    {
        var value = new StringBuilder();
        for (var i = from + 1; i < text.Length; i++)
        {
            if (text[i] == '"')
                return i + 1 == text.Length || text[i + 1] == ' '
                    ? (value.ToString(), i + 1)
                    : throw At(i + 1, "a space is expected after the quote");
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\')
                i++;
            value.Append(text[i]);
        }
        throw At(from, "the quote that begins here does not end");
    }

    private static int SkipSpaces(string text, int from)
    {
        while (from < text.Length && text[from] == ' ')
            from++;
        return from;
    }

    private static UsageException At(int index, string problem) => new($"Column {index + 1} of the filter: {problem}.");

    [GeneratedRegex("(?<key>[A-Za-z][A-Za-z-]*)(?<sign>>=|<=|=|>|<)")]
    private static partial Regex TermStart();

    // Only a known key begins the next term, so that a value may hold an equals sign.
    [GeneratedRegex(
        "(?<= )(?:model|image|rights-holder|license|from|until|share|dataset|method|picture|word)(?:>=|<=|=|>|<)"
    )]
    private static partial Regex NextTerm();
}
