using DasAudit.Abstractions;
using TorchSharp;

namespace DasAudit.Cli.Plugins;

/// <summary>An adapter from a plugin. Exceptions of the plugin come out as <see cref="AuditException"/>.</summary>
/// <param name="Adapter">The plugin's own object.</param>
/// <param name="Name">Its name.</param>
/// <param name="AssemblyPath">The plugin's assembly, absolute.</param>
/// <param name="Version">Version of the assembly.</param>
/// <param name="Sha256">SHA-256 of the assembly's bytes, lower-case hexadecimal.</param>
internal sealed record LoadedAdapter(IModelAdapter Adapter, string Name, string AssemblyPath, string Version, string Sha256)
{
    /// <summary>Whether the adapter recognises a checkpoint.</summary>
    /// <exception cref="AuditException">The plugin failed.</exception>
    public bool CanLoad(string path) => Guard($"fails to look at '{path}'", () => Adapter.CanLoad(path));

    /// <summary>Loads a checkpoint; see <see cref="IModelAdapter.Load"/>.</summary>
    /// <exception cref="AuditException">The checkpoint is not one that the adapter can load, or the plugin failed.</exception>
    public IDiffusionModel Load(string path, torch.Device device, ModelLoadOptions options) =>
        Guard($"fails to load '{path}'", () => Adapter.Load(path, device, options));

    private T Guard<T>(string doing, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception error) when (error is not (AuditException or OperationCanceledException))
        {
            throw PluginFailure.Explain(AssemblyPath, doing, error);
        }
    }
}
