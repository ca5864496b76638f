using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DasAudit.Cli.Settings;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Cli.Commands.Reports;

/// <summary>
/// Reads the filter language of <c>reports query</c>: terms <c>KEY=VALUE</c> (<c>share&gt;=NUMBER</c> and
/// <c>word&gt;=WORD</c>) joined by spaces, all of which must hold. A value goes on to the next term, so
/// <c>rights-holder=Google LLC license=MIT</c> needs no quotes; within quotes (<c>"…"</c>, a quote itself as
/// <c>\"</c>) anything may stand.
/// </summary>
internal static partial class ReportFilterParser
{
    private static readonly string[] Keys =
    [
        "model",
        "image",
        "rights-holder",
        "license",
        "from",
        "until",
        "share",
        "dataset",
        "method",
        "picture",
        "word",
    ];

    private static readonly IReadOnlyList<EvidenceStrength> Words =
    [
        EvidenceStrength.Weak,
        EvidenceStrength.Moderate,
        EvidenceStrength.Strong,
    ];

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
            throw At(position, $"a term such as {Keys[0]}=… is expected here, not '{word}'");
        }
        var key = term.Groups["key"].Value;
        if (!Keys.Contains(key, StringComparer.Ordinal))
        {
            var hint = Nearest.To(key, Keys) is { } near ? $" (did you mean '{near}'?)" : "";
            throw At(position, $"'{key}' is no key{hint}; keys are {string.Join(", ", Keys)}");
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

    private static ReportFilter With(ReportFilter filter, string key, string value, int at) =>
        key switch
        {
            "model" => filter with { Model = value },
            "image" => filter with { Image = value },
            "rights-holder" => filter with { RightsHolder = value },
            "license" => filter with { License = value },
            "from" => filter with { From = Date(value, at) },
            "until" => filter with { Until = Date(value, at) },
            "dataset" => filter with { Dataset = value },
            "method" => filter with { Method = value },
            "picture" => filter with { Picture = value },
            "word" => filter with { Strength = Word(value, at) },
            _ => filter with { MinimumShare = Share(value, at) },
        };

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

    private static DateTimeOffset Date(string value, int at) =>
        DateTimeOffset.TryParseExact(
            value,
            ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var date
        )
            ? date
            : throw At(at, $"'{value}' is no date; write 2026-01-31 or 2026-01-31T18:00, in UTC");

    private static double Share(string value, int at)
    {
        var isPercent = value.EndsWith('%');
        var digits = isPercent ? value[..^1] : value;
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        if (!double.TryParse(digits, style, CultureInfo.InvariantCulture, out var number))
            number = double.NaN;
        var share = isPercent ? number / 100 : number;
        return share is >= 0 and <= 1
            ? share
            : throw At(at, $"'{value}' is no share; write a number from 0 to 1, or 0% to 100%");
    }

    private static EvidenceStrength Word(string value, int at)
    {
        foreach (var strength in Words)
            if (strength.Name().Equals(value, StringComparison.OrdinalIgnoreCase))
                return strength;
        throw At(at, $"'{value}' is no evidence word; write weak, moderate or strong");
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
