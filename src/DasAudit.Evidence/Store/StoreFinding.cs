namespace DasAudit.Evidence.Store;

/// <summary>Something in a store that is not what was written.</summary>
/// <param name="Record">Number of the record that it is about; null for the store as a whole.</param>
/// <param name="Kind">What the record is about, if that can be told.</param>
/// <param name="Id">Id of the report or evaluation, if that can be told.</param>
/// <param name="What">What is wrong, as a part of a sentence.</param>
internal sealed record StoreFinding(long? Record, RecordKind? Kind, string? Id, string What);
