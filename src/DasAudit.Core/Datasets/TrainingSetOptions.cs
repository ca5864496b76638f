namespace DasAudit.Core.Datasets;

/// <summary>How a training set is read.</summary>
public sealed record TrainingSetOptions
{
    /// <summary>Whether a picture that cannot be read is an error (true) or is named in <see cref="TrainingSet.Skipped"/> (false, the default).</summary>
    public bool Strict { get; init; }

    /// <summary>Only pictures of this split, such as <c>train</c>; null (the default) for all.</summary>
    public string? Split { get; init; }

    /// <summary>Largest columns × rows of a picture, checked from its header before it is decoded; default 64 megapixels.</summary>
    public long PixelLimit { get; init; } = PictureReader.DefaultPixelLimit;
}
