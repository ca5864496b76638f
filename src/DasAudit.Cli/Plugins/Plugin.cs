using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using McMaster.NETCore.Plugins;

namespace DasAudit.Cli.Plugins;

/// <summary>
/// Loads plugin assemblies, each into a load context of its own, in which it stays to the end of the process: with
/// contexts that can be unloaded, .NET 10.0.12 has read static fields where they no longer were, and crashed.
/// The only class that knows the plugin library.
/// </summary>
internal static partial class Plugin
{
    private static readonly ConcurrentDictionary<(string Path, string Sha256), Assembly> Loaded = [];

    /// <summary>Checks a plugin, given the absolute path of its assembly, and starts its adapters.</summary>
    public static IReadOnlyList<LoadedAdapter> Load(string path)
    {
        if (!File.Exists(path))
            throw new AuditException(
                $"'{Path.GetDirectoryName(path)}' holds no {Path.GetFileName(path)}; "
                    + "a plugin's assembly is called like its folder."
            );
        PluginContract.Check(path);
        try
        {
            return Adapt(path);
        }
        catch (Exception error) when (error is not AuditException)
        {
            throw PluginFailure.Explain(path, "cannot be loaded", error);
        }
    }

    private static List<LoadedAdapter> Adapt(string path)
    {
        var sha256 = Hash(path);
        var assembly = Loaded.GetOrAdd((path, sha256), _ => LoadAssembly(path));
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
        return [.. types.Select(type => Make(type, path, version, sha256))];
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static Assembly LoadAssembly(string path)
    {
        var sharedTypes = PluginContract.SharedTypes.ToArray();
        return PluginLoader.CreateFromAssemblyFile(path, isUnloadable: false, sharedTypes).LoadDefaultAssembly();
    }

    private static LoadedAdapter Make(Type type, string path, string version, string sha256)
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
                ? new(adapter, name!, path, version, sha256)
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
