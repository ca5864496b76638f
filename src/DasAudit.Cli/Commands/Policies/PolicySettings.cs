using DasAudit.Cli.Settings;
using DasAudit.Evidence.Policies.Formats;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Policies;

/// <summary>The options of the commands that ask a policy, beside the policy itself.</summary>
internal sealed class PolicySettings
{
    public Setting<string> Policy { get; } =
        Text("--policy", "FILE", "The policy", Evidence.Policies.Policy.DefaultName);

    /// <summary>Null for the form for people.</summary>
    public Setting<IPolicyFormat?> Format { get; } =
        Choice(
            "--format",
            "How findings are written: for people, or for other programs",
            [
                (PolicyFormats.Text, (IPolicyFormat?)null),
                .. PolicyFormats.All.Select(format => (format.Name, (IPolicyFormat?)format)),
            ]
        );

    public Setting<string?> Output { get; } =
        Text("--output", "FILE", "Write findings in the form of --format to this file, and print those for people");

    public Setting<bool> WarningsAsErrors { get; } = Flag("--warnings-as-errors", "Take every warning for an error");

    public IReadOnlyList<ISetting> All => [Policy, Format, Output, WarningsAsErrors];
}
