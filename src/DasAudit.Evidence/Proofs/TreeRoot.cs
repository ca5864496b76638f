namespace DasAudit.Evidence.Proofs;

/// <summary>What a tree is known by.</summary>
/// <param name="Count">Number of leaves.</param>
/// <param name="Root">Root of a <see cref="Core.Files.HashTree"/>, lower-case hexadecimal.</param>
internal sealed record TreeRoot(int Count, string Root);
