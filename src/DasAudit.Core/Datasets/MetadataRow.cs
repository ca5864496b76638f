namespace DasAudit.Core.Datasets;

/// <summary>What a line of metadata says of one picture.</summary>
internal sealed record MetadataRow(Rights Rights, string? Title, string? Caption, string? Split, int? Label);
