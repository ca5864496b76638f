using System.Text.Json.Serialization;
using DasAudit.Core.Audits;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Reports;

/// <summary>How much the query is owed to one training picture.</summary>
public sealed record AttributedPicture
{
    /// <summary>From 1.</summary>
    public required int Rank { get; init; }

    /// <summary>Path within the dataset.</summary>
    public required string Item { get; init; }

    /// <summary>SHA-256 of the file's bytes.</summary>
    public required string Sha256 { get; init; }

    /// <summary>SHA-256 of its pixels, see <see cref="Pictures.PixelHash"/>; null in earlier reports.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PixelSha256 { get; init; }

    /// <summary>Larger = more of what <see cref="ScoreInfo.LargerMeans"/> says.</summary>
    public required double Score { get; init; }

    /// <summary>Standard error of <see cref="Score"/> over replicates; null with a single replicate.</summary>
    public double? StandardError { get; init; }

    /// <summary>Probability that chance alone would give such a score; null where it was not computed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PValue { get; init; }

    /// <summary>False discovery rate of the candidates with such a q-value or a smaller one; null as above.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? QValue { get; init; }

    /// <summary>Probability of being among the top N whatever the noise; null where it was not computed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TopProbability { get; init; }

    /// <summary>The word for all this: <see cref="EvidenceInfo.Definition"/>; null where it was not computed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EvidenceStrength? Strength { get; init; }

    /// <summary>+1 where seeing the picture helps make the query, −1 where it hinders, 0 where not known.</summary>
    public required int Direction { get; init; }

    /// <summary>Cosine of the embeddings, −1 … 1; null without an encoder.</summary>
    public double? Similarity { get; init; }

    /// <summary>Why it was a candidate: names of tiers.</summary>
    public IReadOnlyList<string> Tiers { get; init; } = [];

    /// <summary>Title as the dataset states it.</summary>
    public string? Title { get; init; }

    /// <summary>SPDX licence identifier as the dataset states it.</summary>
    public string? License { get; init; }

    /// <summary>Rights holder as the dataset states it.</summary>
    public string? RightsHolder { get; init; }

    /// <summary>Author as the dataset states it.</summary>
    public string? Author { get; init; }

    /// <summary>Source as the dataset states it.</summary>
    public string? Source { get; init; }
}

/// <summary>A group's part of all groups' influence, its candidates together: <see cref="GroupShares"/>.</summary>
/// <param name="Key">Value of the group key; <c>(not stated)</c> where the metadata is silent.</param>
/// <param name="Share">0 … 1; the shares of all groups sum to 1, or are all 0 where nothing has influence.</param>
/// <param name="Low">Lower end of the 95 % interval over replicates; null with a single replicate.</param>
/// <param name="High">Upper end; null with a single replicate.</param>
/// <param name="Items">Candidates in the group.</param>
public sealed record GroupShare(string Key, double Share, double? Low, double? High, int Items)
{
    /// <summary>Probability that a random group of as many candidates has as much; null if not computed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PValue { get; init; }

    /// <summary>False discovery rate of the groups with such a q-value or a smaller one; null as above.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? QValue { get; init; }
}
