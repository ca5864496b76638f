using System.Text.Json.Serialization;
using static System.FormattableString;

namespace DasAudit.Core.Uncertainty;

/// <summary>What p-values compare with.</summary>
/// <param name="Kind">What it is made of.</param>
/// <param name="Size">m: number of decoys or other queries.</param>
/// <param name="MinimumPValue">No p-value can be smaller.</param>
public sealed record NullPool(NullPoolKind Kind, int Size, double MinimumPValue)
{
    /// <summary>Quotients may exceed a bound by their rounding.</summary>
    internal const double Rounding = 1 + 1e-9;

    /// <summary>What p and q say and do not say, as reports print it.</summary>
    /// <param name="candidates">Number of candidates that were tested.</param>
    public IReadOnlyList<string> Meaning(int candidates) =>
        [
            $"p is the probability that {Event}.",
            "q is the part of false discoveries to expect among all pictures whose q is as small or smaller.",
            Least(candidates),
            "Neither is the probability that a picture was not used or not copied, neither speaks of causation in "
                + "law, and both hold only for this model, this way of scoring and this null pool.",
        ];

    /// <summary>The smallest q of a single picture: what it has if it alone beats all of the pool.</summary>
    /// <param name="candidates">Number of candidates that were tested.</param>
    /// <param name="control">How q-values are computed.</param>
    public double LeastQ(int candidates, FalseDiscoveryControl control) =>
        FalseDiscovery.Factor(candidates, control) * candidates * MinimumPValue;

    /// <summary>How large the pool would have to be for a single picture to reach a q.</summary>
    /// <param name="q">The q, positive.</param>
    /// <param name="candidates">Number of candidates that are tested.</param>
    /// <param name="control">How q-values are computed.</param>
    public int Needed(double q, int candidates, FalseDiscoveryControl control)
    {
        var needed = Math.Ceiling(FalseDiscovery.Factor(candidates, control) * candidates / q / Rounding) - 1;
        // Of matched decoys a candidate is compared with those of its bin only.
        var compared = 1 / MinimumPValue - 1;
        return (int)Math.Min(int.MaxValue, compared > 0 ? Math.Round(needed * Size / compared) : needed);
    }

    private string Event =>
        Kind switch
        {
            NullPoolKind.Queries =>
                $"the picture would score as high for {Queries}, if it had nothing to do with this one in particular",
            NullPoolKind.MatchedDecoys =>
                "a picture that the model never saw, and that resembles the query as much, would score as high; "
                    + "measured on "
                    + Decoys,
            _ => $"a picture that the model never saw would score as high; measured on {Decoys}",
        };

    private string Decoys => Size == 1 ? "1 decoy" : Invariant($"{Size} decoys");

    private string Queries => Size == 1 ? "the other query" : Invariant($"some other of {Size} queries");

    private string Least(int candidates)
    {
        var needed = Math.Ceiling(candidates * MinimumPValue / 0.05 / Rounding);
        if (needed > candidates)
            return Invariant($"No p, and so no q, is smaller than {MinimumPValue:G2}.");
        var pictures = needed == 1 ? "picture reaches" : "pictures reach";
        return Invariant(
                $"No p is smaller than {MinimumPValue:G2}; with {candidates} candidates q can come down to 0.05 "
            ) + Invariant($"only where at least {needed} {pictures} that.");
    }
}

/// <summary>What a null pool is made of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NullPoolKind>))]
public enum NullPoolKind
{
    /// <summary>Pictures that the model was not trained on.</summary>
    [JsonStringEnumMemberName("decoys")]
    Decoys,

    /// <summary>The same; a candidate is compared with those that resemble the query as much.</summary>
    [JsonStringEnumMemberName("matched-decoys")]
    MatchedDecoys,

    /// <summary>Other generated pictures.</summary>
    [JsonStringEnumMemberName("queries")]
    Queries,
}
