namespace DasAudit.Evidence.Bundles;

/// <summary>What a proof was found to be.</summary>
/// <param name="Report">Id of the report that it is about.</param>
/// <param name="Claim">What it proves, as a sentence without its end.</param>
/// <param name="IsAnchored">Whether its root was compared with one that was given or signed.</param>
internal sealed record ProofVerification(
    string Report,
    string Claim,
    bool IsAnchored,
    IReadOnlyList<BundleCheck> Checks,
    IReadOnlyList<string> NotChecked
)
{
    /// <summary>Null where the root was compared with nothing.</summary>
    internal bool? Holds =>
        Checks.Any(check => check.Passed == false) ? false
        : IsAnchored ? true
        : null;
}
