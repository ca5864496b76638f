using System.Diagnostics;
using System.Runtime.InteropServices;
using DasAudit.Cli.Tests.Commands.Audits;

namespace DasAudit.Cli.Tests.Harness;

/// <summary>
/// The tool as a process of its own, from a copy of its folder without any native library: what starts libtorch fails
/// until <see cref="AddNativeLibraries"/>.
/// </summary>
internal sealed class ToolProcess : IDisposable
{
    private static readonly string DotNet = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")
    );

    /// <summary>LibTorchSharp.</summary>
    public const string Bridge = "libLibTorchSharp.so";

    private static readonly string NativeFolder = Path.Combine("runtimes", "linux-x64", "native");

    private readonly TempFolder _folder = new();

    public ToolProcess()
    {
        Directory.CreateDirectory(ToolDirectory);
        Directory.CreateDirectory(WorkingDirectory);
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "*.dll"))
        {
            var target = Path.Combine(ToolDirectory, Path.GetFileName(file));
            // The runtime takes the folder of the real file for the tool's.
            if (Path.GetFileName(file) == "das-audit.dll")
            {
                File.Copy(file, target);
                continue;
            }
            var real = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
            File.CreateSymbolicLink(target, real);
        }
        foreach (var name in new[] { "das-audit.deps.json", "das-audit.runtimeconfig.json" })
            File.Copy(Path.Combine(AppContext.BaseDirectory, name), Path.Combine(ToolDirectory, name));
    }

    /// <summary>Environment variables beside those of the tests; see <see cref="Tool.Variables"/>.</summary>
    public Dictionary<string, string> Variables { get; } = new() { ["DASAUDIT_REHASH"] = "true" };

    /// <summary>The libraries of the tool's own libtorch.</summary>
    public IEnumerable<string> LibTorchFiles =>
        Directory.GetFiles(LibTorchDirectory).Where(file => Path.GetFileName(file) != Bridge);

    /// <summary>Where the tool keeps its own libtorch.</summary>
    public string LibTorchDirectory => Path.Combine(ToolDirectory, NativeFolder, "libtorch");

    public string ToolDirectory => Path.Combine(_folder.Path, "tool");

    public string WorkingDirectory => Path.Combine(_folder.Path, "work");

    /// <summary>
    /// Links the native libraries, libtorch among them, and copies the adapter that comes with the tool.
    /// </summary>
    public void AddNativeLibraries()
    {
        var source = Path.Combine(AppContext.BaseDirectory, NativeFolder);
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(source, file);
            // The tool keeps it where .NET does not look.
            if (name == Bridge)
                name = Path.Combine("libtorch", Bridge);
            var target = Path.Combine(ToolDirectory, NativeFolder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.CreateSymbolicLink(target, file);
        }
        const string adapter = "DasAudit.Adapters.Diffusers";
        SmallWorld.Copy(
            Path.Combine(AppContext.BaseDirectory, "plugins", adapter),
            Path.Combine(ToolDirectory, "plugins", adapter)
        );
    }

    /// <summary>What stands before the arguments of a command line that starts it.</summary>
    public string CommandLine => $"\"{DotNet}\" \"{Path.Combine(ToolDirectory, "das-audit.dll")}\"";

    public async Task<Outcome> RunAsync(params string[] args)
    {
        using var process = Start(args);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>Starts it; both of its streams are redirected.</summary>
    public Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(DotNet, [Path.Combine(ToolDirectory, "das-audit.dll"), .. args])
        {
            WorkingDirectory = WorkingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = _folder.Path;
        // Variables that steer the tests must not reach the tool.
        var testVariables = start.Environment.Keys.Where(name =>
            name.StartsWith("DASAUDIT_", StringComparison.Ordinal)
        );
        foreach (var name in testVariables.ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public void Dispose() => _folder.Dispose();
}
