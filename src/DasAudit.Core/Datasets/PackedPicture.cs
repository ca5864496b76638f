namespace DasAudit.Core.Datasets;

/// <summary>A picture that lies packed in a file.</summary>
/// <param name="Path">The packed file within the dataset, <c>#</c>, and the picture's place or name in it.</param>
/// <param name="Metadata">What the packed file says of it.</param>
/// <param name="Batch">Pictures of one number are read fastest one after the other.</param>
/// <param name="Place">Where it lies, as its file counts: a row or an entry, from 0.</param>
internal sealed record PackedPicture(string Path, PictureMetadata Metadata, int Batch, int Place);
