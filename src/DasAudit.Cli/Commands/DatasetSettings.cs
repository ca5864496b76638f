using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Settings;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands;

/// <summary>The options of the commands that read a dataset.</summary>
internal sealed class DatasetSettings(string description)
{
    public Setting<string> Dataset { get; } = Required("--dataset", "DIR", description);

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

    public IReadOnlyList<ISetting> All => [Dataset, Strict, Split, ListedOnly, BackgroundColor];

    /// <summary>How the dataset is read, with the name that messages call it by.</summary>
    public TrainingSetOptions Read(Invocation invocation) =>
        new()
        {
            Strict = invocation.Get(Strict),
            Split = invocation.Get(Split),
            Background = invocation.Get(BackgroundColor),
            ListedOnly = invocation.Get(ListedOnly),
            ShownAs = invocation.Get(Dataset),
        };

    /// <summary>Reads the dataset.</summary>
    public TrainingSet Load(Invocation invocation, IProgress<StageProgress> progress, CancellationToken cancellation) =>
        TrainingSetLoader.Load(invocation.Resolve(invocation.Get(Dataset)), Read(invocation), progress, cancellation);
}
