using System.Globalization;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Queries;

/// <summary>The terms of filters, as people write them on the command line and into the form of a page.</summary>
internal static class FilterTerms
{
    internal const string Model = "model";
    internal const string Image = "image";
    internal const string RightsHolder = "rights-holder";
    internal const string License = "license";
    internal const string From = "from";
    internal const string Until = "until";
    internal const string Share = "share";
    internal const string Dataset = "dataset";
    internal const string Method = "method";
    internal const string Picture = "picture";
    internal const string Word = "word";

    internal static IReadOnlyList<string> Keys { get; } =
    [Model, Image, RightsHolder, License, From, Until, Share, Dataset, Method, Picture, Word];

    /// <summary>The evidence words that can be asked for.</summary>
    internal static IReadOnlyList<EvidenceStrength> Words { get; } =
    [EvidenceStrength.Weak, EvidenceStrength.Moderate, EvidenceStrength.Strong];

    /// <summary>The filter with one more term.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <exception cref="FormatException">
    /// The value is none of this key; the message is a part of a sentence.
    /// </exception>
    internal static ReportFilter With(ReportFilter filter, string key, string value) =>
        key switch
        {
            Model => filter with { Model = value },
            Image => filter with { Image = value },
            RightsHolder => filter with { RightsHolder = value },
            License => filter with { License = value },
            From => filter with { From = ReadDate(value) },
            Until => filter with { Until = ReadDate(value) },
            Share => filter with { MinimumShare = ReadShare(value) },
            Dataset => filter with { Dataset = value },
            Method => filter with { Method = value },
            Picture => filter with { Picture = value },
            Word => filter with { Strength = ReadWord(value) },
            _ => throw new ArgumentException($"'{key}' is no key.", nameof(key)),
        };

    private static DateTimeOffset ReadDate(string value) =>
        DateTimeOffset.TryParseExact(
            value,
            ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var date
        )
            ? date
            : throw new FormatException($"'{value}' is no date; write 2026-01-31 or 2026-01-31T18:00, in UTC");

    private static double ReadShare(string value)
    {
        var isPercent = value.EndsWith('%');
        var digits = isPercent ? value[..^1] : value;
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        if (!double.TryParse(digits, style, CultureInfo.InvariantCulture, out var number))
            number = double.NaN;
        var share = isPercent ? number / 100 : number;
        return share is >= 0 and <= 1
            ? share
            : throw new FormatException($"'{value}' is no share; write a number from 0 to 1, or 0% to 100%");
    }

    private static EvidenceStrength ReadWord(string value)
    {
        foreach (var strength in Words)
            if (strength.Name().Equals(value, StringComparison.OrdinalIgnoreCase))
                return strength;
        throw new FormatException($"'{value}' is no evidence word; write weak, moderate or strong");
    }
}
