using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>How a training set is read.</summary>
public sealed record TrainingSetOptions
{
    /// <summary>
    /// Whether a picture that cannot be read is an error (true) or is named in <see cref="TrainingSet.Skipped"/>
    /// (false, the default).
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>Only pictures of this split, such as <c>train</c>; null (the default) for all.</summary>
    public string? Split { get; init; }

    /// <summary>
    /// No pictures of this split, such as <c>test</c>; null (the default) to leave none out. Pictures that state no
    /// split stay.
    /// </summary>
    public string? ExceptSplit { get; init; }

    /// <summary>
    /// What messages call the dataset, such as the path that someone wrote; null (the default) for the path that it is
    /// read from.
    /// </summary>
    public string? ShownAs { get; init; }

    /// <summary>
    /// Largest columns × rows of a picture, checked from its header before it is decoded; default 64 megapixels.
    /// </summary>
    public long PixelLimit { get; init; } = PictureReader.DefaultPixelLimit;
}
