using System.Globalization;
using DasAudit.Core.Datasets.Indexes;
using DasAudit.Core.Datasets.Metadata;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>How a training set is read.</summary>
public sealed record TrainingSetOptions
{
    /// <summary>Whether a picture that cannot be read is an error; by default it is skipped and named.</summary>
    public bool Strict { get; init; }

    /// <summary>The split that stands for all pictures.</summary>
    public const string AllSplits = "all";

    /// <summary>
    /// Only pictures of this split, such as <c>train</c>; <see cref="AllSplits"/> for all; null (the default) for all
    /// but those of validation and test splits.
    /// </summary>
    public string? Split { get; init; }

    /// <summary>No pictures of this split, such as <c>test</c>; null (the default) to leave none out.</summary>
    public string? ExceptSplit { get; init; }

    /// <summary>Whether pictures that the metadata do not list are left out; by default they are read.</summary>
    public bool ListedOnly { get; init; }

    /// <summary>Which captions pictures are read with.</summary>
    public CaptionOptions Captions { get; init; } = new();

    /// <summary>What messages call the dataset; null (the default) for the path that it is read from.</summary>
    public string? ShownAs { get; init; }

    /// <summary>What shows where a picture is transparent; default white.</summary>
    public PictureBackground Background { get; init; } = PictureBackground.White;

    /// <summary>How pictures of other sizes than a model's are made ones of its size; default crop.</summary>
    public ResizeMode Resize { get; init; }

    /// <summary>Largest columns × rows, checked before a picture is decoded; default 64 megapixels.</summary>
    public long PixelLimit { get; init; } = PictureReader.DefaultPixelLimit;

    /// <summary>Whether class names and class folders get numbers; only a training set numbers its classes.</summary>
    internal bool NumbersClasses { get; init; } = true;

    /// <summary>Where hashes are kept, for files that do not change; null (the default) for nowhere.</summary>
    public DatasetIndexFolder? Indexes { get; init; }

    /// <summary>Whether every file is read, known or not; by default only those that may have changed.</summary>
    public bool Rehash { get; init; }

    /// <summary>What changes pixels or what can be read, as one text.</summary>
    internal string PixelOptions =>
        string.Create(CultureInfo.InvariantCulture, $"limit={PixelLimit};background={Background}");

    /// <summary>The columns with captions; others than the training set need not have the one asked for.</summary>
    internal CaptionColumns CaptionColumns =>
        Captions.Column is { } column ? CaptionColumns.Named(column, usualElse: !NumbersClasses) : CaptionColumns.Usual;

    /// <summary>The same way of reading for a folder that is no training set: pictures of all splits.</summary>
    internal TrainingSetOptions ForOther(string shown) =>
        new()
        {
            Split = AllSplits,
            ShownAs = shown,
            NumbersClasses = false,
            Captions = Captions,
            Indexes = Indexes,
            Rehash = Rehash,
            Background = Background,
            Resize = Resize,
        };
}
