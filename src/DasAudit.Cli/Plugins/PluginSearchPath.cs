namespace DasAudit.Cli.Plugins;

/// <summary>Where plugins are: folders <c>NAME</c> with the assembly <c>NAME.dll</c> and what else it needs.</summary>
internal static class PluginSearchPath
{
    /// <summary>Those that exist: beside the tool, in the working directory, at home, the further one.</summary>
    public static IReadOnlyList<string> Folders(Surroundings surroundings, string? further)
    {
        var folders = new List<string>
        {
            Path.Combine(surroundings.ToolDirectory, "plugins"),
            surroundings.Resolve("plugins"),
        };
        if (surroundings.HomeDirectory.Length > 0)
            folders.Add(Path.Combine(surroundings.HomeDirectory, ".das-audit", "plugins"));
        if (further is not null)
            folders.Add(Further(surroundings.Resolve(further), further));
        return [.. folders.Where(Directory.Exists).DistinctBy(Target, StringComparer.Ordinal)];
    }

    /// <summary>The plugin folders within a folder, by name.</summary>
    public static IEnumerable<string> PluginsIn(string folder) =>
        Directory.GetDirectories(folder).Where(MayHoldPlugin).Order(StringComparer.Ordinal);

    // A folder with a project file holds a plugin's sources, as in a clone of this tool.
    private static bool MayHoldPlugin(string folder) =>
        !Path.GetFileName(folder).StartsWith('.') && Directory.GetFiles(folder, "*.csproj").Length == 0;

    private static string Further(string path, string name)
    {
        if (!Directory.Exists(path))
            throw new AuditException(
                $"There is no folder '{name}' for --plugins; give one that holds plugins as NAME/NAME.dll."
            );
        return PluginsIn(path).Any()
            ? path
            : throw new AuditException(
                $"The folder '{name}' for --plugins holds no plugin; a plugin is NAME/NAME.dll within it."
            );
    }

    private static string Target(string folder) =>
        Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
}
