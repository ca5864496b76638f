namespace DasAudit.Core.Datasets;

/// <summary>The caption files of a sample in a tar file; null where there is none.</summary>
internal sealed record TarCaptions(CaptionFile? CaptionFile, CaptionFile? TextFile);
