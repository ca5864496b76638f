using System.Text.Json.Serialization;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Reports;

/// <summary>What a report's p-values, q-values and words rest on.</summary>
public sealed record EvidenceInfo
{
    /// <summary>What p-values compare with; null where there is none and so no p-values of pictures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NullPool? NullPool { get; init; }

    /// <summary>The pictures that decoys were chosen from; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DecoyInfo? Decoys { get; init; }

    /// <summary>How q-values come from p-values: <c>benjamini-hochberg</c> or <c>benjamini-yekutieli</c>.</summary>
    public required string QValues { get; init; }

    /// <summary>N of <see cref="AttributedPicture.TopProbability"/>.</summary>
    public required int Top { get; init; }

    /// <summary>Intraclass correlation: part of a draw's variance between pictures; null with a single draw.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Icc { get; init; }

    /// <summary>How far the rankings of single noise draws agree; null with a single noise draw.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RankStability? RankStability { get; init; }

    /// <summary>
    /// How far the ranking is that of other queries, where it is so much the same that nothing is established; else
    /// null.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public QueryAgreement? SameRanking { get; init; }

    /// <summary>Number of random groups that each group was compared with; null where groups were not tested.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? GroupDraws { get; init; }

    /// <summary>What the words of <see cref="EvidenceStrength"/> mean; plain sentences.</summary>
    public required IReadOnlyList<string> Definition { get; init; }

    /// <summary>What p and q say and do not say; plain sentences.</summary>
    public required IReadOnlyList<string> Meaning { get; init; }
}

/// <summary>Pictures that the model was not trained on.</summary>
/// <param name="Source">As given: a folder, or <c>split:NAME</c> for a split of the dataset.</param>
/// <param name="Root">Merkle root over (relative path, SHA-256).</param>
/// <param name="Count">Number of pictures.</param>
/// <param name="Skipped">Number of files that looked like pictures and were left out.</param>
public sealed record DecoyInfo(string Source, string Root, int Count, int Skipped);
