using System.Globalization;
using DasAudit.Core.Datasets.Indexes;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>How a training set is read.</summary>
public sealed record TrainingSetOptions
{
    /// <summary>Whether a picture that cannot be read is an error; by default it is skipped and named.</summary>
    public bool Strict { get; init; }

    /// <summary>Only pictures of this split, such as <c>train</c>; null (the default) for all.</summary>
    public string? Split { get; init; }

    /// <summary>No pictures of this split, such as <c>test</c>; null (the default) to leave none out.</summary>
    public string? ExceptSplit { get; init; }

    /// <summary>What messages call the dataset; null (the default) for the path that it is read from.</summary>
    public string? ShownAs { get; init; }

    /// <summary>Largest columns × rows, checked before a picture is decoded; default 64 megapixels.</summary>
    public long PixelLimit { get; init; } = PictureReader.DefaultPixelLimit;

    /// <summary>Where hashes are kept, to read no unchanged file again; null (the default) for none.</summary>
    public DatasetIndexFolder? Indexes { get; init; }

    /// <summary>Whether every file is read; by default those that may have changed since they were kept.</summary>
    public bool Rehash { get; init; }

    /// <summary>What changes pixels or what can be read, as one text.</summary>
    internal string PixelOptions => string.Create(CultureInfo.InvariantCulture, $"limit={PixelLimit}");

    /// <summary>The same way of reading for pictures elsewhere, all of them.</summary>
    internal TrainingSetOptions ForOther(string shown) =>
        new()
        {
            ShownAs = shown,
            Indexes = Indexes,
            Rehash = Rehash,
        };
}
