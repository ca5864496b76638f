using System.Reflection;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Shell;

internal static class ToolVersion
{
    /// <summary>The version, such as <c>0.1.0</c>, and its commit; <c>unknown</c> outside a git clone.</summary>
    public static ToolInfo Current { get; } = Read();

    private static ToolInfo Read()
    {
        var full =
            typeof(ToolVersion)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion
            ?? "0.0.0";
        var parts = full.Split('+', 2);
        return new(parts[0], parts.Length == 2 ? parts[1] : "unknown");
    }
}
