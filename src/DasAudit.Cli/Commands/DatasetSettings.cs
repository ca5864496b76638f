using DasAudit.Cli.Settings;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands;

/// <summary>The options of the commands that read a dataset.</summary>
internal sealed class DatasetSettings(string description)
{
    public Setting<string> Dataset { get; } = Required("--dataset", "DIR", description);

    public Setting<bool> Strict { get; } =
        Flag("--strict", "Refuse a dataset with broken pictures instead of leaving them out");

    public Setting<string?> Split { get; } =
        Text("--split", "NAME", "Use only the pictures of this split of the dataset");
}
