namespace DasAudit.Evidence.Tests.Bundles;

/// <summary>A way to tamper with a bundle that verifying must reject.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Attempts">What the attacker is after, in a sentence.</param>
/// <param name="Run">Makes another bundle of a signed one.</param>
/// <param name="Finding">Part of what must be said.</param>
internal sealed record BundleAttack(string Name, string Attempts, Func<SampleBundle, byte[]> Run, string Finding);
