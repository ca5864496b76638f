namespace DasAudit.Core.Evaluation.Outputs;

/// <summary>Names of the correlations.</summary>
internal static class OutputsMeasure
{
    public const string Within = "within";
    public const string Pooled = "pooled";
    public const string Pearson = "pearson";
    public const string Spearman = "spearman";

    /// <summary>Over what, and of which kind, in the order of the result.</summary>
    public static IReadOnlyList<(string Over, string Kind)> All { get; } =
    [(Within, Pearson), (Within, Spearman), (Pooled, Pearson), (Pooled, Spearman)];
}
