using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution;

/// <summary>A row of a kind of features: the noise draw, or the pass for a kind kept apart.</summary>
internal readonly record struct FeatureRow(FeatureKind Kind, int Row);
