namespace DasAudit.Cli.Plugins;

/// <summary>A plugin folder that was found. A broken one has no adapters, but one sentence on its problem.</summary>
/// <param name="AssemblyPath">Where its assembly is or should be, absolute.</param>
internal sealed record PluginEntry(
    string Name,
    string AssemblyPath,
    IReadOnlyList<LoadedAdapter> Adapters,
    string? Problem
);
