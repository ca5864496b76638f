using TorchSharp;

namespace DasAudit.Cli.Plugins;

/// <summary>A plugin's adapter. What it throws becomes an <see cref="AuditException"/> that names it.</summary>
/// <param name="AssemblyPath">The plugin's assembly, absolute.</param>
/// <param name="Sha256">SHA-256 of the assembly's bytes, lower-case hexadecimal.</param>
internal sealed record LoadedAdapter(
    IModelAdapter Inner,
    string Name,
    string AssemblyPath,
    string Version,
    string Sha256
) : IModelAdapter
{
    public bool CanLoad(string path) => Guard($"fails to look at '{path}'", () => Inner.CanLoad(path));

    public IDiffusionModel Load(string path, torch.Device device, ModelLoadOptions options) =>
        Guard($"fails to load '{path}'", () => Inner.Load(path, device, options));

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
