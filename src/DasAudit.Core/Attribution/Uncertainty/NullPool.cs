using System.Globalization;
using System.Text.Json.Serialization;

namespace DasAudit.Core.Attribution.Uncertainty;

/// <summary>What p-values compare with.</summary>
/// <param name="Kind">What it is made of.</param>
/// <param name="Size">m: number of decoys or other queries.</param>
/// <param name="MinimumPValue">No p-value can be smaller.</param>
public sealed record NullPool(NullPoolKind Kind, int Size, double MinimumPValue)
{
    /// <summary>What p and q say and do not say, as reports print it.</summary>
    /// <param name="candidates">Number of candidates that were tested.</param>
    public IReadOnlyList<string> Meaning(int candidates)
    {
        var needed = Math.Ceiling(candidates * MinimumPValue / 0.05);
        return
        [
            Kind switch
            {
                NullPoolKind.Queries => Text($"p is the probability that the picture would score as high for some other of {Size} queries, if it had nothing to do with this one in particular."),
                NullPoolKind.MatchedDecoys => Text($"p is the probability that a picture that the model never saw, and that resembles the query as much, would score as high; measured on {Size} decoys."),
                _ => Text($"p is the probability that a picture that the model never saw would score as high; measured on {Size} decoys."),
            },
            "q is the part of false discoveries to expect among all pictures whose q is as small or smaller.",
            Text($"No p is smaller than {MinimumPValue:G2}; with {candidates} candidates q can come down to 0.05 only where at least {needed} picture{(needed == 1 ? "" : "s")} reach{(needed == 1 ? "es" : "")} that."),
            "Neither is the probability that a picture was not used or not copied, neither speaks of causation in law, and both hold only for this model, this way of scoring and this null pool.",
        ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a null pool is made of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NullPoolKind>))]
public enum NullPoolKind
{
    /// <summary>Pictures that the model was not trained on.</summary>
    [JsonStringEnumMemberName("decoys")]
    Decoys,

    /// <summary>The same, each candidate being compared with those that resemble the query as much as it does.</summary>
    [JsonStringEnumMemberName("matched-decoys")]
    MatchedDecoys,

    /// <summary>Other generated pictures.</summary>
    [JsonStringEnumMemberName("queries")]
    Queries,
}
