using System.Globalization;
using System.Runtime.InteropServices;
using DasAudit.Core.Platforms;

namespace DasAudit.Cli.Native;

/// <summary>
/// Loads libtorch, and LibTorchSharp with it, by full path: the libtorch that comes with the tool, or the one in the
/// folder that <see cref="Variable"/> names. A process can hold only one. Another version of libtorch needs another
/// LibTorchSharp, compiled for it: see <see cref="LibTorchBridge"/>.
/// </summary>
internal sealed class LibTorch(NativeLibraries libraries, Surroundings surroundings, Platform platform)
{
    /// <summary>The variable that names the folder of another libtorch, or the folder of its <c>lib</c>.</summary>
    public const string Variable = "DASAUDIT_LIBTORCH";

    /// <summary>The version that LibTorchSharp is built for; a patch beyond it fits.</summary>
    public const string Version = "2.10";

    // Of another libtorch, which finds the other libraries that it needs beside itself.
    private static readonly string[] Needed = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];
    private static readonly string[] OfCuda = ["libc10_cuda.so", "libtorch_cuda.so"];

    /// <summary>Loads it; without effect if it is loaded already.</summary>
    public LoadedLibTorch Load()
    {
        if (surroundings.Variable(Variable) is { } named)
            return LoadOther(named);
        var files = platform.Files;
        string[] places = [.. files.LibTorch.Select(name => Place(name, files))];
        var handles = libraries.Load(places);
        var version = VersionOf(handles[Array.IndexOf(places, Path.Combine(files.LibTorchFolder, files.TorchCpu))]);
        return new(version ?? Version, null, HasCuda: false);
    }

    // LibTorchSharp may also lie where .NET looks for it.
    private string Place(string name, NativeFiles files)
    {
        var place = Path.Combine(files.LibTorchFolder, name);
        return name == files.LibTorchSharp && !libraries.Holds(place) ? name : place;
    }

    private LoadedLibTorch LoadOther(string named)
    {
        if (!platform.TakesOtherLibTorch)
            throw new AuditException(
                $"{Variable}: on {platform.System} das-audit computes with its own libtorch alone; unset the variable."
            );
        var folder = surroundings.Resolve(named);
        if (!Directory.Exists(folder))
            throw Refused($"there is no folder '{named}'; name the folder of a libtorch {Version}");
        if (!File.Exists(Path.Combine(folder, Needed[0])) && Directory.Exists(Path.Combine(folder, "lib")))
            folder = Path.Combine(folder, "lib");
        if (Array.Find(Needed, name => !File.Exists(Path.Combine(folder, name))) is { } missing)
            throw Refused($"'{named}' holds no {missing}; name the folder of a whole libtorch {Version}");
        if (CutShort(folder, named) is { } broken)
            throw Refused($"{broken} in '{named}' is cut short; unpack that libtorch again");

        var bridge = LibTorchBridge.Find(surroundings, folder, libraries);
        var hasCuda = File.Exists(Path.Combine(folder, "libtorch_cuda.so"));
        string? version = null;
        foreach (string name in (string[])["libc10.so", "libtorch_cpu.so", .. hasCuda ? OfCuda : [], "libtorch.so"])
        {
            var handle = LoadFile(Path.Combine(folder, name), named);
            // Before anything of it is used: another version has other functions.
            if (name == "libtorch_cpu.so")
            {
                version = VersionOf(handle);
                RefuseOtherVersion(bridge, version, named);
            }
        }
        LoadBridge(bridge, named);
        return new(version!, folder, hasCuda);
    }

    private static string? CutShort(string folder, string named)
    {
        try
        {
            // Files that only hold symbols for debuggers have no segments, only their sizes.
            return Directory
                .EnumerateFiles(folder, "lib*.so*")
                .Where(path => !path.EndsWith(".debug", StringComparison.Ordinal) && ElfFile.IsCutShort(path))
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
                .FirstOrDefault();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Refused($"'{named}' cannot be read ({error.Message.TrimEnd('.')}); make it readable", error);
        }
    }

    private static IntPtr LoadFile(string path, string named)
    {
        try
        {
            return NativeLibraries.LoadFile(path);
        }
        catch (DllNotFoundException error)
        {
            var reason = NativeLibraries.Reason(error);
            throw Refused(
                $"{Path.GetFileName(path)} in '{named}' cannot be loaded ({reason}); install what it asks for",
                error
            );
        }
    }

    private static void RefuseOtherVersion(LibTorchBridge bridge, string? version, string named)
    {
        if (version is not null && bridge.Fits(version))
            return;
        var held = version is null ? "a libtorch older than 2.9" : $"libtorch {version}";
        throw Refused(
            bridge.IsOwn
                ? $"'{named}' holds {held}, and das-audit needs {Version}; name the folder of a libtorch {Version}, "
                    + "compile LibTorchSharp for this one (das-audit doctor --build-bridge FOLDER)"
                : $"'{named}' holds {held}, and the LibTorchSharp beside it or in {LibTorchBridge.Variable} is "
                    + "compiled "
                    + $"for {bridge.LibTorchVersion}; compile it again (das-audit doctor --build-bridge FOLDER)"
        );
    }

    // Only a libtorch built otherwise than PyTorch builds it gets as far as this and no further.
    private static void LoadBridge(LibTorchBridge bridge, string named)
    {
        // Under another name it would not be found, and the tool's own would be loaded beside it.
        var reason = Array.Find(Needed, name => !DynamicLoader.IsLoaded(name)) is { } unknown
            ? $"its {unknown} has another name inside"
            : DynamicLoader.Refusal(bridge.Path);
        var remedy = bridge.IsOwn
            ? $"name the folder of a libtorch {Version} as PyTorch gives it out"
            : "compile LibTorchSharp for it again (das-audit doctor --build-bridge FOLDER)";
        if (reason is not null)
            throw Refused($"'{named}' holds a libtorch that TorchSharp cannot use ({reason}); {remedy}");
        if (!DynamicLoader.IsLoaded(LibTorchBridge.File))
            throw new AuditException(
                $"'{bridge.Path}' does not have the name {LibTorchBridge.File} inside, by which it is looked for; "
                    + "link it with -soname, as das-audit doctor --build-bridge FOLDER does."
            );
    }

    private static AuditException Refused(string why, Exception? cause = null) =>
        new($"{Variable}: {why}, or unset the variable.", cause);

    // Eight bits each of major, minor and patch from the top; libtorch has the function since 2.9.
    private static string? VersionOf(IntPtr library)
    {
        if (!NativeLibrary.TryGetExport(library, "aoti_torch_abi_version", out var function))
            return null;
        ulong version;
        unsafe
        {
            version = ((delegate* unmanaged<ulong>)function)();
        }
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{version >> 56}.{(version >> 48) & 0xff}.{(version >> 40) & 0xff}"
        );
    }
}
