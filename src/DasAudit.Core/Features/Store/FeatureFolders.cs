namespace DasAudit.Core.Features.Store;

/// <summary>
/// Where an audit keeps features: below a folder, each kind under its own settings in a folder of its own, so that it
/// serves every audit that looks at it, whatever else that looks at and of however many models the folder holds
/// features.
/// </summary>
public sealed class FeatureFolders
{
    private FeatureFolders(string path, string? additions) => (Root, Additions) = (path, additions);

    /// <summary>The folder as given.</summary>
    internal string Root { get; }

    /// <summary>Where what a named folder lacks goes if it is read-only; null where no folder is named.</summary>
    internal string? Additions { get; }

    /// <summary>A folder that somebody chose.</summary>
    /// <param name="additions">Where what it lacks goes if it cannot be written to.</param>
    public static FeatureFolders Named(string path, string additions) => new(path, additions);

    /// <summary>A folder that the program chose.</summary>
    public static FeatureFolders Under(string path) => new(path, null);

    /// <summary>The store of one kind; what earlier runs kept together with other kinds is read too.</summary>
    /// <param name="settings">Those of the kind.</param>
    /// <param name="resolve">Makes a path absolute.</param>
    internal FeatureStore Open(FeatureSettings settings, Func<string, string> resolve)
    {
        var shown = Path.Combine(Root, settings.FolderName());
        var additions = Additions is null ? null : resolve(Additions);
        var wider = WiderFolder.In(resolve(Root), Root, settings);
        if (additions is not null)
            wider = wider.Concat(WiderFolder.In(additions, additions, settings).Where(folder => folder.IsAddition));
        return FeatureStore.Open(resolve(shown), settings, shown, additions, [.. wider]);
    }

    /// <summary>How the features that lie in the folder itself differ from those wanted; null if they do not.</summary>
    /// <param name="settings">Those of one kind or several.</param>
    /// <param name="resolve">Makes a path absolute.</param>
    internal string? Difference(FeatureSettings settings, Func<string, string> resolve) =>
        SettingsFile.Read(resolve(Root), Root)?.Settings is { } kept
            ? (kept with { Kinds = settings.Kinds }).Difference(settings)
            : null;
}
