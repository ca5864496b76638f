namespace DasAudit.Core.Features.Store;

/// <summary>Where an audit keeps features: in a named folder, or one for each <see cref="FeatureSettings"/>.</summary>
public sealed class FeatureFolders
{
    private readonly string _path;

    private FeatureFolders(string path, string? additions) => (_path, Additions) = (path, additions);

    /// <summary>Where what a named folder lacks goes if it is read-only; null where no folder is named.</summary>
    internal string? Additions { get; }

    /// <summary>A folder that somebody chose; under several settings, it holds a folder for each.</summary>
    /// <param name="additions">Where what it lacks goes if it cannot be written to.</param>
    public static FeatureFolders Named(string path, string additions) => new(path, additions);

    /// <summary>A folder that holds a folder for each settings.</summary>
    public static FeatureFolders Under(string path) => new(path, null);

    /// <summary>The folder of features under some settings.</summary>
    /// <param name="count">How many different settings the audit has features under.</param>
    public string Of(FeatureSettings settings, int count)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Additions is not null && count == 1 ? _path : Path.Combine(_path, settings.FolderName());
    }
}
