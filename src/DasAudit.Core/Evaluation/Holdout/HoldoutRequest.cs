using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>How shares are held against what leaving a whole group out changes.</summary>
public sealed record HoldoutRequest
{
    /// <summary>Model, queries, methods and the folder of retrained models.</summary>
    public required EvaluationRequest Common { get; init; }

    /// <summary>What makes pictures a group. Default the rights holder.</summary>
    public GroupKey By { get; init; } = GroupKey.RightsHolder;

    /// <summary>
    /// Into how many shell companies each group in turn is split, 2 or more; null (the default) for no splitting.
    /// </summary>
    public int? SplitInto { get; init; }

    /// <summary>Whether other ways to make shares are measured beside that of reports. Default false.</summary>
    public bool WithOtherShares { get; init; }

    /// <summary>
    /// Whether generated queries are generated again by each model, and the change of the picture is a truth too.
    /// Default false.
    /// </summary>
    public bool WithPictures { get; init; }

    /// <summary>
    /// Of how many pictures of the largest group a copier adds near-duplicates under a name of its own, at least 1;
    /// null (the default) for no copier.
    /// </summary>
    public int? Copies { get; init; }
}
