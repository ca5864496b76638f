using System.Globalization;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>Reads shares off scores, as they are and with each group in turn split into shell companies.</summary>
/// <param name="keys">The groups, in the order of the shares.</param>
/// <param name="rules">Ways to make shares.</param>
/// <param name="splitInto">Parts of a split group; null for no splitting.</param>
/// <param name="seed">Of how pictures are dealt to parts.</param>
internal sealed class ShareReader(IReadOnlyList<string> keys, IReadOnlyList<ShareRule> rules, int? splitInto, long seed)
{
    /// <summary>Reads the scores of one query.</summary>
    /// <param name="groups">Group of each training picture: of the first rows of the scores.</param>
    /// <returns>One reading a way; ways that these scores do not have are left out.</returns>
    public IReadOnlyList<ShareReading> Read(IReadOnlyList<string> groups, QueryScores scores) =>
        [
            .. rules
                .Where(rule => rule.IsFor(scores))
                .Select(rule =>
                {
                    var shares = rule.Shares(groups, scores).ToDictionary(share => share.Key);
                    return new ShareReading(
                        rule.Name,
                        [.. keys.Select(key => shares[key].Share)],
                        splitInto is { } parts
                            ? [.. keys.Select((_, place) => Split(rule, groups, scores, shares, place, parts))]
                            : []
                    );
                }),
        ];

    private SplitGroup Split(
        ShareRule rule,
        IReadOnlyList<string> groups,
        QueryScores scores,
        Dictionary<string, GroupShare> shares,
        int place,
        int parts
    )
    {
        var shells = Shells(groups, place, parts);
        var names = shells.Values.ToHashSet();
        var split = rule.Shares([.. groups.Select((key, picture) => shells.GetValueOrDefault(picture, key))], scores);
        var sum = split.Where(share => names.Contains(share.Key)).Sum(share => share.Share);
        var whole = shares[keys[place]];
        // Both are the same sum in another order.
        const double rounding = 1e-9;
        bool? isBeyond = whole is { Low: { } low, High: { } high }
            ? sum < low - rounding || sum > high + rounding
            : null;
        return new(sum - whole.Share, isBeyond);
    }

    // The shell of each picture of a group, by picture: dealt one after the other in random order.
    private Dictionary<int, string> Shells(IReadOnlyList<string> groups, int place, int parts)
    {
        var pictures = groups.Index().Where(picture => picture.Item == keys[place]).ToList();
        var order = new NoiseSource(seed).Permutation(new(NoisePurpose.Resampling, 0, place), pictures.Count);
        return order
            .Index()
            .ToDictionary(
                dealt => pictures[dealt.Item].Index,
                dealt => string.Create(CultureInfo.InvariantCulture, $"{keys[place]}\0{dealt.Index % parts}")
            );
    }
}
