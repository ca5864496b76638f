namespace DasAudit.Core.Conformance;

/// <summary>The outcome of one check of an adapter.</summary>
/// <param name="Name">Lower case with dashes, stable: scripts may look for it.</param>
/// <param name="Passed">Whether the adapter keeps the promise.</param>
/// <param name="Detail">What was found, for a person.</param>
/// <param name="MaxAbs">Largest absolute difference, where numbers were compared and it is finite.</param>
/// <param name="RelL2">‖difference‖₂ / ‖expected‖₂ (for gradients of the worst row), likewise.</param>
public sealed record AdapterCheckResult(
    string Name,
    bool Passed,
    string Detail,
    double? MaxAbs = null,
    double? RelL2 = null
);
