using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Goldens;

/// <summary>
/// The built tool in processes whose arithmetic is pinned so that its bytes do not depend on the processor.
/// ONNX Runtime cannot be pinned: what an image encoder computed is rounded (<see cref="Normaliser"/>) or compared with
/// a tolerance.
/// </summary>
/// <param name="folder">Where it runs.</param>
internal sealed class GoldenTool(string folder) : IDisposable
{
    /// <summary>Names another build's das-audit.dll to run.</summary>
    private const string OtherTool = "DASAUDIT_GOLDEN_TOOL";

    /// <summary>1 computes with whatever the processor has: to compare two builds on one machine.</summary>
    private const string Unpinned = "DASAUDIT_GOLDEN_UNPINNED";

    private static readonly string DotNet = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")
    );

    // That which is started; beside the tests there may be a link to it.
    private static readonly string OwnTool = Followed(Path.Combine(AppContext.BaseDirectory, "das-audit.dll"));

    // AVX2 stays on: without it fused multiply-add, which gives the same bits everywhere, is a hundred times slower.
    private static readonly Dictionary<string, string> Pins = new()
    {
        ["ATEN_CPU_CAPABILITY"] = "default",
        ["ONEDNN_MAX_CPU_ISA"] = "SSE41",
        ["MKL_CBWR"] = "COMPATIBLE",
        ["DOTNET_EnableAVX512"] = "0",
        ["GLIBC_TUNABLES"] = "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4",
    };

    private static readonly Dictionary<string, string> Variables = new()
    {
        // Whether files are old enough for an index to know them depends on when a run comes to them.
        ["DASAUDIT_REHASH"] = "true",
        // Test pictures count as training pictures, as when these runs were first written down.
        ["DASAUDIT_SPLIT"] = "all",
    };

    public static bool IsPinned => Environment.GetEnvironmentVariable(Unpinned) != "1";

    private readonly ConcurrentBag<GoldenHost> _hosts = [];

    private static string? Other => Environment.GetEnvironmentVariable(OtherTool);

    /// <summary>Those of a command line that is run within a process.</summary>
    public static Surroundings Surroundings(string folder) =>
        new()
        {
            WorkingDirectory = folder,
            HomeDirectory = folder,
            ToolDirectory = Path.GetDirectoryName(OwnTool)!,
            Program = [OwnTool],
            Variables = Variables,
        };

    /// <summary>Runs what only reads, such as help and exports, where nothing need be pinned.</summary>
    public Task<Outcome> SayAsync(string commandLine) =>
        Other is null
            ? Tool.RunAsync(Surroundings(folder), Split(commandLine), CancellationToken.None)
            : StartAsync(Other, commandLine);

    /// <summary>Runs in a process whose arithmetic is pinned.</summary>
    public async Task<Outcome> RunAsync(string commandLine)
    {
        if (Other is not null)
            return await StartAsync(Other, commandLine);
        if (!_hosts.TryTake(out var host))
            host = new(folder, Prepare);
        var outcome = await host.RunAsync(Split(commandLine));
        _hosts.Add(host);
        return outcome;
    }

    public void Dispose()
    {
        while (_hosts.TryTake(out var host))
            host.Dispose();
    }

    private async Task<Outcome> StartAsync(string tool, string commandLine)
    {
        var start = new ProcessStartInfo(DotNet, [tool, .. Split(commandLine)])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Prepare(start.Environment);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return new(process.ExitCode, await output, await error);
    }

    private void Prepare(IDictionary<string, string?> variables)
    {
        var ofTests = variables.Keys.Where(name => name.StartsWith("DASAUDIT_", StringComparison.Ordinal)).ToList();
        foreach (var name in ofTests)
            variables.Remove(name);
        variables["HOME"] = folder;
        variables["NO_COLOR"] = "1";
        foreach (var (name, value) in Variables)
            variables[name] = value;
        variables["DOTNET_TieredPGO"] = "0";
        if (!IsPinned)
            return;
        foreach (var (name, value) in Pins)
            variables[name] = value;
    }

    private static string Followed(string path) =>
        File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    // Words between single quotes are one argument.
    private static IReadOnlyList<string> Split(string commandLine) =>
        [
            .. commandLine
                .Split('\'')
                .SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        ];
}
