namespace DasAudit.Core.Datasets;

/// <summary>What a Parquet shard says of one picture.</summary>
/// <param name="Name">Its file's name, or null.</param>
/// <param name="Values">The columns that are read as metadata.</param>
internal sealed record ParquetRow(string? Name, IReadOnlyDictionary<string, string?> Values);
