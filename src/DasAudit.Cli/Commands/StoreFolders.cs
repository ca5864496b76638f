using DasAudit.Core.Features.Store;

namespace DasAudit.Cli.Commands;

/// <summary>What is kept beside a store of reports.</summary>
internal static class StoreFolders
{
    /// <summary>The cache of embeddings.</summary>
    /// <param name="storePath">The store, absolute.</param>
    public static string Embeddings(string storePath) => Beside(storePath, "embeddings");

    /// <summary>The folder that holds a folder of features for each settings.</summary>
    /// <inheritdoc cref="Embeddings"/>
    public static string FeatureStores(string storePath) => Beside(storePath, "features");

    /// <summary>Where features under some settings are kept unless another folder is named.</summary>
    /// <inheritdoc cref="Embeddings"/>
    public static string Features(string storePath, FeatureSettings settings) =>
        Path.Combine(FeatureStores(storePath), settings.FolderName());

    private static string Beside(string storePath, string name) =>
        Path.Combine(Path.GetDirectoryName(storePath)!, name);
}
