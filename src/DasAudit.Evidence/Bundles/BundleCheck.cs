namespace DasAudit.Evidence.Bundles;

/// <summary>What came of looking at something in a bundle or a proof.</summary>
/// <param name="Name">What was looked at, in a word or two.</param>
/// <param name="Passed">Null where it was not checked.</param>
/// <param name="What">What was found, as a sentence without its end.</param>
internal sealed record BundleCheck(string Name, bool? Passed, string What);
