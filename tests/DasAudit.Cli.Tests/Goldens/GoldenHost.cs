using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Hosting;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DasAudit.Cli.Tests.Goldens;

/// <summary>
/// This test program started a second time, to run one command line after the other: most of what a process spends on
/// a short run is its start.
/// </summary>
internal sealed class GoldenHost : IDisposable
{
    private const string Variable = "DASAUDIT_GOLDEN_HOST";

    private readonly Process _process;

    /// <param name="prepare">Sets the variables of the process.</param>
    public GoldenHost(string folder, Action<IDictionary<string, string?>> prepare)
    {
        var start = new ProcessStartInfo(Path.ChangeExtension(typeof(GoldenHost).Assembly.Location, null))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        prepare(start.Environment);
        start.Environment[Variable] = folder;
        _process = Process.Start(start)!;
    }

    public async Task<Outcome> RunAsync(IReadOnlyList<string> args)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(args));
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync();
        return line is null
            ? throw new InvalidOperationException($"The process ended while it ran '{string.Join(' ', args)}'.")
            : JsonSerializer.Deserialize<Outcome>(line)!;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    [ModuleInitializer]
    internal static void RunIfHost()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } folder)
            return;
        while (Console.In.ReadLine() is { } line)
            Console.Out.WriteLine(JsonSerializer.Serialize(Run(folder, JsonSerializer.Deserialize<string[]>(line)!)));
        Environment.Exit(0);
    }

    // Other threads wait for a module's initialisation as soon as they come to code of it, so that what runs there must
    // be the tool's alone.
    private static Outcome Run(string folder, string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var terminal = new Terminal(output, error);
        using var host = ToolHost.Build(terminal, GoldenTool.Surroundings(folder));
        var runner = host.Services.GetRequiredService<CommandRunner>();
        var exitCode = runner.RunAsync(args, CancellationToken.None).GetAwaiter().GetResult();
        return new(exitCode, output.ToString(), error.ToString());
    }
}
