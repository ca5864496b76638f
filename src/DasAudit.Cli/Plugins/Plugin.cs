using System.Reflection;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using McMaster.NETCore.Plugins;

namespace DasAudit.Cli.Plugins;

/// <summary>A plugin assembly in its own load context. The only class that knows the plugin library.</summary>
internal sealed partial class Plugin : IDisposable
{
    private readonly PluginLoader _loader;

    private Plugin(PluginLoader loader, IReadOnlyList<LoadedAdapter> adapters)
    {
        _loader = loader;
        Adapters = adapters;
    }

    public IReadOnlyList<LoadedAdapter> Adapters { get; }

    /// <summary>Checks and loads a plugin, given the absolute path of its assembly.</summary>
    public static Plugin Load(string path)
    {
        if (!File.Exists(path))
            throw new AuditException(
                $"'{Path.GetDirectoryName(path)}' holds no {Path.GetFileName(path)}; "
                    + "a plugin's assembly is called like its folder."
            );
        PluginContract.Check(path);
        var sharedTypes = PluginContract.SharedTypes.ToArray();
        var loader = PluginLoader.CreateFromAssemblyFile(path, isUnloadable: true, sharedTypes);
        try
        {
            return new(loader, Adapt(loader, path));
        }
        catch (Exception error)
        {
            loader.Dispose();
            if (error is AuditException)
                throw;
            throw PluginFailure.Explain(path, "cannot be loaded", error);
        }
    }

    /// <summary>Gives the load context up; adapters in use go on working with what they have loaded.</summary>
    public void Dispose() => _loader.Dispose();

    private static IReadOnlyList<LoadedAdapter> Adapt(PluginLoader loader, string path)
    {
        var assembly = loader.LoadDefaultAssembly();
        var types = assembly
            .GetTypes()
            .Where(type => type is { IsVisible: true, IsAbstract: false })
            .Where(type => type.IsAssignableTo(typeof(IModelAdapter)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .ToList();
        if (types.Count == 0)
            throw new AuditException(
                $"'{path}' holds no public class that implements IModelAdapter; is it the right assembly?"
            );
        var version =
            assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? assembly.GetName().Version!.ToString();
        using var file = File.OpenRead(path);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
        return [.. types.Select(type => Make(type, path, version, sha256, loader))];
    }

    private static LoadedAdapter Make(Type type, string path, string version, string sha256, PluginLoader loader)
    {
        if (type.GetConstructor(Type.EmptyTypes) is null)
            throw new AuditException(
                $"'{path}' has an adapter '{type.Name}' without a public constructor that takes nothing; give it one."
            );
        try
        {
            var adapter = (IModelAdapter)Activator.CreateInstance(type)!;
            var name = adapter.Name;
            return NamePattern().IsMatch(name ?? "")
                ? new(adapter, name!, path, version, sha256) { LoadContext = loader }
                : throw new AuditException(
                    $"'{path}' has an adapter called '{name}'; a name is made of lower-case letters, digits and dashes."
                );
        }
        catch (Exception error) when (error is not AuditException)
        {
            throw PluginFailure.Explain(path, $"cannot start its adapter '{type.Name}'", error);
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}$")]
    private static partial Regex NamePattern();
}
