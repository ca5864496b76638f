namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>What one way to make shares says of one query.</summary>
/// <param name="Rule">Name of the way; null for that of reports.</param>
/// <param name="Shares">One a group.</param>
/// <param name="Splits">One a group; empty where none is split.</param>
internal sealed record ShareReading(string? Rule, double[] Shares, IReadOnlyList<SplitGroup> Splits);

/// <summary>A group that was split.</summary>
/// <param name="Rise">The sum of its parts' shares less its own.</param>
/// <param name="IsBeyond">Whether that sum is outside the interval of its own; null where there is none.</param>
internal readonly record struct SplitGroup(double Rise, bool? IsBeyond);
