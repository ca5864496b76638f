using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution;

/// <summary>One of the features that each picture has.</summary>
/// <param name="Row">Which row of the kind: the noise draw, or the pass for a kind kept apart.</param>
internal readonly record struct FeatureRow(FeatureKind Kind, int Row);
