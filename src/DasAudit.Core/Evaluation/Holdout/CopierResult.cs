namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>What happens when a copier adds near-duplicates of another group's pictures.</summary>
/// <param name="Copied">The group whose pictures were copied.</param>
/// <param name="Pictures">How many.</param>
/// <param name="DatasetRoot">Merkle root of the training set with the near-duplicates.</param>
/// <param name="Queries">Over how many queries means are taken: those that the model generated.</param>
/// <param name="Changes">What leaving out changes, by truth.</param>
/// <param name="Shares">By method.</param>
public sealed record CopierResult(
    string Copied,
    int Pictures,
    string DatasetRoot,
    int Queries,
    IReadOnlyList<CopierChange> Changes,
    IReadOnlyList<CopierShares> Shares
);

/// <summary>Means over queries of what leaving out changes.</summary>
/// <param name="Target">The truth.</param>
/// <param name="CopiedBefore">Leaving out the copied group where nothing was copied.</param>
/// <param name="CopiedAfter">Leaving it out where the near-duplicates stay.</param>
/// <param name="Copier">Leaving out the near-duplicates.</param>
/// <param name="Both">Leaving out both.</param>
public sealed record CopierChange(
    string Target,
    Interval CopiedBefore,
    Interval CopiedAfter,
    Interval Copier,
    Interval Both
);

/// <summary>Means over queries of the shares that reports print.</summary>
/// <param name="Method">Its id.</param>
/// <param name="CopiedBefore">Of the copied group, where nothing was copied.</param>
/// <param name="CopiedAfter">Of the copied group beside the copier.</param>
/// <param name="Copier">Of the copier.</param>
/// <param name="Together">By how much the copied group and the copier have more than the group had before.</param>
public sealed record CopierShares(
    string Method,
    Interval CopiedBefore,
    Interval CopiedAfter,
    Interval Copier,
    Interval Together
);
