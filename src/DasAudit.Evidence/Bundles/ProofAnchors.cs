using DasAudit.Evidence.Signatures;

namespace DasAudit.Evidence.Bundles;

/// <summary>What a proof's root is compared with.</summary>
/// <param name="Root">A root that is known from elsewhere; null for none.</param>
/// <param name="Keys">For the statement that the proof holds.</param>
/// <param name="Bundle">The bundle of the report; null for none.</param>
internal sealed record ProofAnchors(string? Root, IReadOnlyList<VerificationKey> Keys, BundleVerification? Bundle);
