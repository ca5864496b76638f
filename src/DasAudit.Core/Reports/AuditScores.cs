namespace DasAudit.Core.Reports;

/// <summary>All scores of an audited picture, of every method that was run.</summary>
/// <param name="Query">The picture, as given.</param>
/// <param name="QueryPixelSha256">SHA-256 of its pixels.</param>
/// <param name="Pictures">What was scored: training pictures, then decoys.</param>
public sealed record AuditScores(
    string Query,
    string QueryPixelSha256,
    IReadOnlyList<ScoredPicture> Pictures,
    IReadOnlyList<ScoresByMethod> Methods
);

/// <summary>A picture that was scored.</summary>
/// <param name="Item">Path within the dataset, or the decoys.</param>
/// <param name="PixelSha256">SHA-256 of its pixels.</param>
/// <param name="RightsHolder">As the dataset states it.</param>
public sealed record ScoredPicture(string Item, string PixelSha256, string? RightsHolder, bool IsDecoy);

/// <summary>The scores of one method.</summary>
/// <param name="Method">Its id.</param>
/// <param name="Mean">One a picture.</param>
/// <param name="StandardErrors">One a picture; null where the noise was drawn once.</param>
/// <param name="ByReplicate">Scores by replicate, one a picture each; their mean is the score.</param>
public sealed record ScoresByMethod(
    string Method,
    IReadOnlyList<double> Mean,
    IReadOnlyList<double>? StandardErrors,
    IReadOnlyList<IReadOnlyList<double>> ByReplicate
);
