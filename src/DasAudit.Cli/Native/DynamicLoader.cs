using System.Runtime.InteropServices;

namespace DasAudit.Cli.Native;

/// <summary>What .NET does not ask of the system's loader.</summary>
internal static partial class DynamicLoader
{
    private const int Lazy = 1;
    private const int Now = 2;
    private const int NoLoad = 4;

    /// <summary>Whether a library that another asks for by this name is loaded already.</summary>
    public static bool IsLoaded(string name) => Open(name, Lazy | NoLoad) != IntPtr.Zero;

    /// <summary>
    /// Loads a library (absolute path) and looks up every symbol that it needs; null, or what the loader says against
    /// it. .NET would look each up when it is first called, and end the process if it is not there.
    /// </summary>
    public static string? Refusal(string path)
    {
        _ = Error(); // Binding this function later would replace what there is to say.
        return Open(path, Now) != IntPtr.Zero ? null : Marshal.PtrToStringUTF8(Error()) ?? "no reason given";
    }

    [LibraryImport("libdl.so.2", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial IntPtr Open(string path, int flags);

    [LibraryImport("libdl.so.2", EntryPoint = "dlerror")]
    private static partial IntPtr Error();
}
