namespace DasAudit.Evidence.Comparisons;

/// <summary>What running an audit again gave.</summary>
internal enum ReplayOutcome
{
    /// <summary>The same scores, words and shares to the last digit.</summary>
    Identical,

    /// <summary>Others, by no more than the tolerance.</summary>
    WithinTolerance,

    /// <summary>Others.</summary>
    Different,
}
