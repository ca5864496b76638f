namespace DasAudit.Cli.Plugins;

/// <summary>A plugin folder that was found.</summary>
/// <param name="Name">Name of the folder.</param>
/// <param name="AssemblyPath">Where its assembly is or should be, absolute.</param>
/// <param name="Adapters">What it holds; empty if it is broken.</param>
/// <param name="Problem">One sentence on why it cannot be used; null if it can.</param>
internal sealed record PluginEntry(
    string Name,
    string AssemblyPath,
    IReadOnlyList<LoadedAdapter> Adapters,
    string? Problem
);
