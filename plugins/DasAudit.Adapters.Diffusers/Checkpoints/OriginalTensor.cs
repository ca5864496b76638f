namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>A tensor by the name that it has in the original layout.</summary>
/// <param name="Part">What of it is meant.</param>
internal readonly record struct OriginalTensor(string Name, TensorPart Part);
