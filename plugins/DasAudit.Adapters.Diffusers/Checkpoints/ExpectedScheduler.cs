namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>A scheduler that an index names.</summary>
/// <param name="File">Where its configuration should lie.</param>
internal sealed record ExpectedScheduler(string ClassName, string IndexFile, string File);
