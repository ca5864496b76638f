using System.Runtime.InteropServices;

namespace DasAudit.Cli.Native;

/// <summary>
/// Loads native libraries by full path before managed code asks for them by name. Otherwise the loader might find
/// another libtorch, and where TorchSharp finds none, it prints a page to standard output and copies half a gigabyte
/// beside the tool.
/// </summary>
internal sealed class NativeLibraries(IReadOnlyList<string> folders)
{
    /// <summary>The folders where the runtime looks for this process's native libraries.</summary>
    public static NativeLibraries OfThisProcess() =>
        new([
            .. ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string) ?? "")
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Append(AppContext.BaseDirectory)
                .Distinct(),
        ]);

    /// <summary>Loads libraries, file names or paths below the folders, in order; returns a handle each.</summary>
    public IReadOnlyList<IntPtr> Load(params IReadOnlyList<string> names)
    {
        var handles = new List<IntPtr>();
        foreach (var name in names)
        {
            var path = Find(name);
            try
            {
                handles.Add(LoadFile(path));
            }
            catch (DllNotFoundException error)
            {
                throw new AuditException(
                    $"The library {Path.GetFileName(name)} cannot be loaded ({Reason(error)}); "
                        + "install what it asks for, or install das-audit again.",
                    error
                );
            }
        }
        return handles;
    }

    /// <summary>Whether one of the folders holds a library, by its file name or its path below the folder.</summary>
    public bool Holds(string name) => folders.Any(folder => File.Exists(Path.Combine(folder, name)));

    /// <summary>The absolute path of a library, from its file name or its path below the folders.</summary>
    public string Find(string name) =>
        folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new AuditException(
            $"The library {Path.GetFileName(name)} is missing from the tool's folder; install das-audit again."
        );

    /// <summary>Loads one (absolute path), or throws a <see cref="DllNotFoundException"/>.</summary>
    public static IntPtr LoadFile(string path) =>
        ElfFile.IsCutShort(path)
            ? throw new DllNotFoundException($"{path}: the file is cut short")
            : NativeLibrary.Load(path);

    /// <summary>What the system's loader said. The runtime wraps that in several lines of advice.</summary>
    public static string Reason(DllNotFoundException error)
    {
        var lines = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (lines.FirstOrDefault(line => line.StartsWith('/')) ?? lines[0]).TrimEnd('.');
    }
}
