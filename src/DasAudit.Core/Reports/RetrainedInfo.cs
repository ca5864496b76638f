namespace DasAudit.Core.Reports;

/// <summary>The retrained models that scores rest on.</summary>
/// <param name="Count">How many.</param>
/// <param name="Sha256">Over each one's hash of weights (as <see cref="ModelInfo.WeightsSha256"/>) and of the record of
/// what it was trained on, ascending.</param>
public sealed record RetrainedInfo(int Count, string Sha256);
