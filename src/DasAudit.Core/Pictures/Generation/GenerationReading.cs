namespace DasAudit.Core.Pictures.Generation;

/// <summary>What was found on how a picture was generated.</summary>
/// <param name="Facts">Null for nothing.</param>
/// <param name="Notes">What could not be read, or was passed over, in sentences.</param>
internal sealed record GenerationReading(GenerationFacts? Facts, IReadOnlyList<string> Notes);
