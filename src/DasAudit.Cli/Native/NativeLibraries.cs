using System.Runtime.InteropServices;
using DasAudit.Abstractions;

namespace DasAudit.Cli.Native;

/// <summary>
/// Loads native libraries by full path before managed code asks for them by name. When TorchSharp cannot load libtorch it prints a page of
/// text to standard output and copies half a gigabyte beside the tool; and by bare name the loader might find another libtorch.
/// </summary>
/// <param name="folders">Absolute paths of the folders to look in.</param>
internal sealed class NativeLibraries(IReadOnlyList<string> folders)
{
    /// <summary>What TorchSharp needs, each after what it depends on.</summary>
    public static IReadOnlyList<string> LibTorch { get; } =
        ["libgomp-98b21ff3.so.1", "libc10.so", "libtorch_global_deps.so", "libtorch_cpu.so", "libtorch.so", "libLibTorchSharp.so"];

    /// <summary>The folders where the runtime looks for this process's native libraries.</summary>
    public static NativeLibraries OfThisProcess() => new(
        [.. ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string) ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append(AppContext.BaseDirectory).Distinct()]);

    /// <summary>Loads libraries in order.</summary>
    /// <param name="names">File names.</param>
    /// <exception cref="AuditException">One is missing or the system's loader refuses it.</exception>
    public void Load(params IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            var path = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
                ?? throw new AuditException($"The library {name} is missing from the tool's folder; install das-audit again.");
            try
            {
                NativeLibrary.Load(path);
            }
            catch (DllNotFoundException error)
            {
                throw new AuditException($"The library {name} cannot be loaded ({Reason(error)}); install what it asks for, or install das-audit again.", error);
            }
        }
    }

    // The runtime wraps what the loader said in several lines of advice.
    private static string Reason(DllNotFoundException error)
    {
        var lines = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (lines.FirstOrDefault(line => line.StartsWith('/')) ?? lines[0]).TrimEnd('.');
    }
}
