namespace DasAudit.Core.Features.Store;

/// <summary>Where an audit keeps features: in a named folder, or one for each <see cref="FeatureSettings"/>.</summary>
public sealed class FeatureFolders
{
    private readonly string _path;
    private readonly bool _named;

    private FeatureFolders(string path, bool named) => (_path, _named) = (path, named);

    /// <summary>A folder that somebody chose; under several settings, it holds a folder for each.</summary>
    public static FeatureFolders Named(string path) => new(path, true);

    /// <summary>A folder that holds a folder for each settings.</summary>
    public static FeatureFolders Under(string path) => new(path, false);

    /// <summary>The folder of features under some settings.</summary>
    /// <param name="count">How many different settings the audit has features under.</param>
    public string Of(FeatureSettings settings, int count)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return _named && count == 1 ? _path : Path.Combine(_path, settings.FolderName());
    }
}
