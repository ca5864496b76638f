using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Settings;
using DasAudit.Core.Datasets;
using DasAudit.Core.Datasets.Indexes;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands;

/// <summary>The options of the commands that read a dataset.</summary>
internal sealed class DatasetSettings(string description, bool isRequired = true)
{
    /// <summary>Empty where it is not required and not given.</summary>
    public Setting<string> Dataset { get; } =
        isRequired ? Required("--dataset", "DIR", description) : Optional("--dataset", "DIR", description);

    public Setting<bool> Strict { get; } =
        Flag("--strict", "Refuse a dataset with broken pictures instead of leaving them out");

    public Setting<string?> Split { get; } =
        Text(
            "--split",
            "NAME|all",
            "Use only the pictures of this split of the dataset, or all; default all but validation and test splits"
        );

    public Setting<PictureBackground> BackgroundColor { get; } =
        Parsed(
            "--background-color",
            "COLOR|#RRGGBB|drop",
            "What shows where a picture is transparent: a colour, or drop for the colours as stored under the alpha, "
                + "as Image.convert(\"RGB\") of Pillow leaves them; default white.",
            PictureBackground.Parse,
            PictureBackground.White
        );

    public Setting<bool> ListedOnly { get; } =
        Flag("--listed-only", "Leave out pictures of the dataset that its metadata do not list");

    public Setting<string?> CaptionColumn { get; } =
        Text(
            "--caption-column",
            "NAME",
            "The column of the metadata that holds captions; by default caption, else text, else prompt"
        );

    public Setting<CaptionSource?> CaptionSource { get; } =
        OptionalChoice<CaptionSource?>(
            "--caption-source",
            "Take captions from here alone: metadata, NAME.caption or NAME.txt beside NAME.png, or the folder 10_NAME; "
                + "by default from metadata, else such files, else, if no picture has a caption, such folders",
            ("metadata", Core.Datasets.CaptionSource.Metadata),
            ("caption", Core.Datasets.CaptionSource.CaptionFile),
            ("txt", Core.Datasets.CaptionSource.TextFile),
            ("folder", Core.Datasets.CaptionSource.Folder)
        );

    public Setting<MissingCaptions> MissingCaptions { get; } =
        Choice(
            "--missing-captions",
            "What a model that takes captions makes of pictures without one, where others have one: refuse the "
                + "dataset, take the empty caption, or the name of the folder 10_NAME",
            ("refuse", Core.Datasets.MissingCaptions.Refuse),
            ("empty", Core.Datasets.MissingCaptions.Empty),
            ("folder", Core.Datasets.MissingCaptions.Folder)
        );

    public Setting<bool> Rehash { get; } =
        Flag("--rehash", "Read every picture of the dataset, also those that an index knows unchanged");

    public Setting<ResizeMode> Resize { get; } =
        Choice(
            "--resize-mode",
            "How training made pictures of the model's size of others: resized to the short side and cropped at the "
                + "centre, squashed, padded with black, or cropped to the shape of the nearest proportions, as kohya's "
                + "trainers sort pictures into buckets",
            ("crop", ResizeMode.Crop),
            ("squash", ResizeMode.Squash),
            ("pad", ResizeMode.Pad),
            ("bucket", ResizeMode.Bucket)
        );

    public IReadOnlyList<ISetting> All => [Dataset, .. Reading, Resize];

    /// <summary>How a dataset is read, without its name.</summary>
    public IReadOnlyList<ISetting> Reading =>
        [Strict, Split, ListedOnly, BackgroundColor, CaptionColumn, CaptionSource, MissingCaptions, Rehash];

    /// <summary>How the dataset is read, with the name that messages call it by.</summary>
    public TrainingSetOptions Read(Invocation invocation, DatasetIndexFolder indexes) =>
        Read(invocation, indexes, invocation.Get(Dataset)) with
        {
            Resize = invocation.Get(Resize),
        };

    /// <summary>How a dataset is read that stands elsewhere on the command line.</summary>
    public TrainingSetOptions Read(Invocation invocation, DatasetIndexFolder indexes, string dataset)
    {
        var captions = new CaptionOptions
        {
            Column = invocation.Get(CaptionColumn),
            Source = invocation.Get(CaptionSource),
            Missing = invocation.Get(MissingCaptions),
        };
        captions.Check();
        return new()
        {
            Strict = invocation.Get(Strict),
            Split = invocation.Get(Split),
            Background = invocation.Get(BackgroundColor),
            ListedOnly = invocation.Get(ListedOnly),
            Captions = captions,
            Rehash = invocation.Get(Rehash),
            Indexes = indexes,
            ShownAs = dataset,
        };
    }

    /// <summary>Refuses a dataset that is not there, or settings that allow none to be read.</summary>
    public void CheckExists(Invocation invocation, DatasetIndexFolder indexes) =>
        TrainingSetLoader.CheckExists(invocation.Resolve(invocation.Get(Dataset)), Read(invocation, indexes));

    /// <summary>Reads the dataset.</summary>
    /// <param name="needsCaptions">Whether the model takes captions.</param>
    public TrainingSet Load(
        Invocation invocation,
        DatasetIndexFolder indexes,
        bool needsCaptions,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var options = Read(invocation, indexes);
        options = options with { Captions = options.Captions with { Needed = needsCaptions } };
        var path = invocation.Resolve(invocation.Get(Dataset));
        return TrainingSetLoader.Load(path, options, progress, cancellation);
    }
}
