using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using DasAudit.Safetensors;
using TorchSharp;

namespace DasAudit.Cli.Plugins;

/// <summary>Reads from a plugin's metadata, without loading it, whether it was built for what this tool has.</summary>
internal static class PluginContract
{
    /// <summary>The assemblies whose types plugin and tool share. Naming the types does not load libtorch.</summary>
    public static IReadOnlyList<Type> SharedTypes { get; } =
    [typeof(IModelAdapter), typeof(SafetensorsFile), typeof(torch)];

    /// <summary>The assemblies that make up the contract; all have its version.</summary>
    private static readonly string[] ContractAssemblies =
    [
        typeof(IModelAdapter).Assembly.GetName().Name!,
        typeof(SafetensorsFile).Assembly.GetName().Name!,
    ];

    /// <summary>Version of the contract that this tool has.</summary>
    public static Version Version { get; } = VersionOf(typeof(IModelAdapter));

    /// <summary>Checks an assembly and the copies of shared assemblies that lie beside it.</summary>
    public static void Check(string path)
    {
        var references = References(path);
        if (!references.ContainsKey(ContractAssemblies[0]))
            throw new AuditException(
                $"'{path}' does not use {ContractAssemblies[0]}, so it holds no adapter; "
                    + "is it the plugin's main assembly?"
            );
        foreach (var contract in ContractAssemblies)
        {
            if (references.TryGetValue(contract, out var builtFor))
                CheckVersion(path, builtFor);
            CheckCopyBeside(path, contract);
        }
        var torchSharp = VersionOf(typeof(torch));
        if (references.TryGetValue("TorchSharp", out var torchBuiltFor) && torchBuiltFor > torchSharp)
            throw new AuditException(
                $"'{path}' was built for TorchSharp {torchBuiltFor.ToString(3)}, "
                    + $"this tool has {torchSharp.ToString(3)}: rebuild it with that version."
            );
    }

    private static void CheckVersion(string path, Version builtFor)
    {
        if (builtFor.Major != Version.Major || builtFor > Version)
            throw new AuditException(
                $"'{path}' was built for contract {Short(builtFor)}, "
                    + $"this tool has {Short(Version)}: {Remedy(builtFor)}."
            );
    }

    // A dependency of the plugin would get this copy, and the adapters would implement its contract.
    private static void CheckCopyBeside(string path, string contract)
    {
        var copy = Path.Combine(Path.GetDirectoryName(path)!, contract + ".dll");
        if (!File.Exists(copy))
            return;
        var version = Identity(copy);
        if (version > Version)
            throw new AuditException(
                $"'{path}' ships its own {contract} {Short(version)}, "
                    + $"this tool has {Short(Version)}: {Remedy(version)}."
            );
    }

    private static Dictionary<string, Version> References(string path) =>
        Read(
            path,
            reader =>
                reader
                    .AssemblyReferences.Select(handle => reader.GetAssemblyReference(handle))
                    .GroupBy(reference => reader.GetString(reference.Name), StringComparer.OrdinalIgnoreCase)
                    .ToDictionary(
                        group => group.Key,
                        group => group.Max(reference => reference.Version)!,
                        StringComparer.OrdinalIgnoreCase
                    )
        );

    private static Version Identity(string path) => Read(path, reader => reader.GetAssemblyDefinition().Version);

    private static T Read<T>(string path, Func<MetadataReader, T> read)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(path));
            return image.HasMetadata && image.GetMetadataReader() is { IsAssembly: true } reader
                ? read(reader)
                : throw new BadImageFormatException();
        }
        catch (Exception error)
            when (error
                    is BadImageFormatException
                        or InvalidOperationException
                        or ArgumentException
                        or OverflowException
            )
        {
            throw new AuditException($"'{path}' is no .NET assembly, or a damaged one; copy it again.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"'{path}' cannot be read; check its permissions.", error);
        }
    }

    private static string Remedy(Version builtFor) =>
        (builtFor > Version ? "update das-audit, or " : "") + $"get the plugin for contract {Short(Version)}";

    private static Version VersionOf(Type type) => type.Assembly.GetName().Version!;

    private static string Short(Version version) => $"{version.Major}.{version.Minor}";
}
