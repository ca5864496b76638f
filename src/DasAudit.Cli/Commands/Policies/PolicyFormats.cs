using DasAudit.Evidence.Policies.Formats;

namespace DasAudit.Cli.Commands.Policies;

/// <summary>The forms for other programs.</summary>
internal static class PolicyFormats
{
    /// <summary>What the form for people is called.</summary>
    public const string Text = "text";

    public static IReadOnlyList<IPolicyFormat> All { get; } =
    [new SarifFormat(ToolVersion.Current), new GitHubFormat(), new JUnitFormat(), new MsBuildFormat()];
}
