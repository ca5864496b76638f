using DasAudit.Core.Features.Store;

namespace DasAudit.Cli.Commands;

/// <summary>What is kept beside a store of reports, whose path is absolute.</summary>
internal static class StoreFolders
{
    public static string Embeddings(string storePath) => Beside(storePath, "embeddings");

    /// <summary>The folder that holds an index for each dataset.</summary>
    public static string Indexes(string storePath) => Beside(storePath, "indexes");

    /// <summary>The folder that holds a folder of features for each settings.</summary>
    public static string FeatureStores(string storePath) => Beside(storePath, "features");

    /// <summary>Where features under some settings are kept unless another folder is named.</summary>
    public static string Features(string storePath, FeatureSettings settings) =>
        Path.Combine(FeatureStores(storePath), settings.FolderName());

    private static string Beside(string storePath, string name) =>
        Path.Combine(Path.GetDirectoryName(storePath)!, name);
}
