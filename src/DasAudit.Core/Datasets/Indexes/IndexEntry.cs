using DasAudit.Core.Platforms;

namespace DasAudit.Core.Datasets.Indexes;

/// <summary>What an index says of a picture file, as long as the file has the same stamp.</summary>
/// <param name="Path">Within the dataset, with forward slashes.</param>
/// <param name="Stamp">Of the file, before and after it was read.</param>
/// <param name="ReadAt">When the file was read, to the millisecond.</param>
internal sealed record IndexEntry(string Path, FileStamp Stamp, DateTimeOffset ReadAt, PictureOutcome Outcome);
