using DasAudit.Cli.Settings;

namespace DasAudit.Cli.Commands;

/// <summary>The options of the commands that read a dataset.</summary>
/// <param name="description">What the dataset is to the command, for the help.</param>
internal sealed class DatasetSettings(string description)
{
    public Setting<string> Dataset { get; } = Setting.Required("--dataset", "DIR", description);

    public Setting<bool> Strict { get; } =
        Setting.Flag("--strict", "Refuse a dataset with broken pictures instead of leaving them out");

    public Setting<string?> Split { get; } =
        Setting.Text("--split", "NAME", "Use only the pictures of this split of the dataset");
}
