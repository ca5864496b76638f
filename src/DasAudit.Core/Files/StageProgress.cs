namespace DasAudit.Core.Files;

/// <summary>How far a stage of a long job has come. Told often, from the working thread: be quick.</summary>
/// <param name="Stage">What is being done, as a person would say it: "hashing pictures".</param>
/// <param name="Done">Units finished.</param>
/// <param name="Total">Units in all; 0 when not known.</param>
/// <param name="Note">A figure worth seeing while waiting, such as the loss; null for none.</param>
public sealed record StageProgress(string Stage, long Done, long Total, string? Note = null);
