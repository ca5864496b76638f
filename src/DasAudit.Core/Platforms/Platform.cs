using System.Runtime.InteropServices;

namespace DasAudit.Core.Platforms;

/// <summary>What differs between operating systems. Everything else is the same on all of them.</summary>
public abstract class Platform
{
    private protected Platform() { }

    /// <summary>The one that this process runs on.</summary>
    public static Platform Current { get; } =
        OperatingSystem.IsWindows() ? new WindowsPlatform()
        : OperatingSystem.IsMacOS() ? new MacPlatform()
        : new LinuxPlatform();

    /// <summary>The operating system, as messages call it.</summary>
    public abstract string System { get; }

    /// <summary>The processors that the tool's libraries are for.</summary>
    public abstract Architecture Architecture { get; }

    /// <summary>What the tool's native libraries are called.</summary>
    public abstract NativeFiles Files { get; }

    /// <summary>Whether the tool can compute with another libtorch than its own.</summary>
    public virtual bool TakesOtherLibTorch => false;

    /// <summary>Whether the system takes events of programs, which it may send to its maker.</summary>
    public virtual bool CollectsEvents => false;

    /// <summary>How names of files and folders are compared; some file systems of a system do it otherwise.</summary>
    public abstract StringComparison NameComparison { get; }

    /// <summary>The comparer of <see cref="NameComparison"/>.</summary>
    public StringComparer NameComparer => StringComparer.FromComparison(NameComparison);

    /// <summary>Why the tool does not run here; null where it does.</summary>
    /// <param name="architecture">The process's own.</param>
    /// <param name="system">What the system calls itself.</param>
    public string? Refusal(Architecture architecture, string system) =>
        architecture == Architecture && IsSystem(system)
            ? null
            : "das-audit runs on Linux and Windows on x64, and on macOS on arm64; "
                + $"this is {system.Trim()} on {architecture.ToString().ToLowerInvariant()}, so use another machine.";

    /// <summary>A relative path as reports and hashes have it on every system: with forward slashes.</summary>
    public virtual string Slashed(string path) => path;

    /// <summary>Whether a file can have this name, which comes from a person or a file.</summary>
    /// <param name="name">Without separators.</param>
    public virtual bool CanName(string name) => true;

    /// <summary>Sets an environment variable that native libraries read.</summary>
    /// <param name="overwrite">Whether to replace what is set already.</param>
    public abstract void SetVariable(string name, string value, bool overwrite);

    /// <summary>Lets the terminal show UTF-8.</summary>
    public virtual void ShowUtf8() { }

    /// <summary>Bytes of memory that programs can still have; null if the system does not say.</summary>
    public virtual long? FreeMemory() => null;

    /// <summary>Keeps freed native memory for the next batch, until <see cref="ReturnFreedMemory"/>.</summary>
    public virtual void KeepFreedMemory() { }

    /// <summary>Gives free native memory back to the system.</summary>
    public virtual void ReturnFreedMemory() { }

    /// <summary>Makes the names in a folder durable, where the system needs to be told.</summary>
    public virtual void FlushFolder(string folder) { }

    /// <summary>Whether a file could not be opened because another process holds it.</summary>
    public abstract bool IsHeld(IOException error);

    /// <summary>Whether a file could not be written because there is no room.</summary>
    public abstract bool IsFull(IOException error);

    /// <summary>Whether a file could not be written because its disk is read-only.</summary>
    public abstract bool IsReadOnly(IOException error);

    /// <summary>Makes a folder, if it is not there, that its owner alone can use.</summary>
    public abstract void CreatePrivateFolder(string path);

    /// <summary>Makes a new file that its owner alone can read and write; the caller closes it.</summary>
    /// <exception cref="IOException">There is one.</exception>
    public abstract FileStream CreatePrivateFile(string path);

    /// <summary>The command that makes a file its owner's alone; null if others cannot read or write it.</summary>
    public abstract string? CommandToMakePrivate(string path);

    /// <summary>The stamp of a regular file, links followed; null for none, or if the system cannot tell.</summary>
    internal virtual FileStamp? Stamp(string path) => null;

    private protected abstract bool IsSystem(string description);
}
