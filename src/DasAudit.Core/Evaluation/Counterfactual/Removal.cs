using DasAudit.Core.Attribution;
using DasAudit.Core.Audits;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Evaluation.Counterfactual;

/// <summary>Which training pictures are left out. Copies of a picture are left out together.</summary>
internal static class Removal
{
    /// <summary>What stands for random choices in tables.</summary>
    public const string Random = "random";

    /// <summary>What stands for the same pictures under another training seed.</summary>
    public const string OtherSeed = "other-seed";

    /// <summary>How many different pictures a part of them is: at least one and not all.</summary>
    public static int Count(TrainingSet set, double fraction)
    {
        var pictures = set.Items.DistinctBy(item => item.PixelSha256).Count();
        return Math.Clamp((int)Math.Round(fraction * pictures, MidpointRounding.AwayFromZero), 1, pictures - 1);
    }

    /// <summary>Those of the highest scores for a query; of equal ones the first. Scores of copies are added.</summary>
    /// <param name="query">All training pictures are scored for it.</param>
    public static IReadOnlyList<TrainingItem> Top(AuditQuery query, MethodScores scores, int count)
    {
        var mean = scores.Queries[0].Mean;
        return
        [
            .. query
                .Scored.Take(query.MemberCount)
                .Index()
                .GroupBy(scored => scored.Item.PixelSha256)
                .OrderByDescending(copies => copies.Sum(scored => mean[scored.Index]))
                .Take(count)
                .SelectMany(copies => copies.Select(scored => scored.Item)),
        ];
    }

    /// <summary>Random ones.</summary>
    /// <param name="draw">Which draw of the seed.</param>
    public static IReadOnlyList<TrainingItem> Draw(TrainingSet set, int count, long seed, int draw)
    {
        var copies = set.Items.GroupBy(item => item.PixelSha256).ToList();
        var order = new NoiseSource(seed).Permutation(new(NoisePurpose.RandomRemoval, 0, draw), copies.Count);
        return [.. order.Take(count).SelectMany(place => copies[place])];
    }
}
