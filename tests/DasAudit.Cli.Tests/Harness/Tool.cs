using System.Text.Json;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Hosting;
using DasAudit.Cli.Shell;
using Microsoft.Extensions.DependencyInjection;

namespace DasAudit.Cli.Tests.Harness;

/// <summary>The whole command line, in this process, in folders of its own.</summary>
internal sealed class Tool : IDisposable
{
    private readonly TempFolder _folder = new();

    public Tool()
    {
        foreach (var path in new[] { WorkingDirectory, Home, ToolDirectory })
            Directory.CreateDirectory(path);
    }

    public string WorkingDirectory => Path.Combine(_folder.Path, "work");

    public string Home => Path.Combine(_folder.Path, "home");

    public string ToolDirectory => Path.Combine(_folder.Path, "tool");

    /// <summary>Whether files are old enough for an index depends on the pace, so none is believed.</summary>
    public Dictionary<string, string> Variables { get; } = new() { ["DASAUDIT_REHASH"] = "true" };

    /// <summary>Replaces registrations.</summary>
    public Action<IServiceCollection>? Replace { get; set; }

    public bool IsTerminal { get; set; }

    public Surroundings Surroundings =>
        new()
        {
            WorkingDirectory = WorkingDirectory,
            HomeDirectory = Home,
            ToolDirectory = ToolDirectory,
            Program = [Path.Combine(ToolDirectory, "das-audit")],
            Variables = Variables,
        };

    public string Write(string name, string text)
    {
        var path = Path.Combine(WorkingDirectory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public Task<Outcome> RunAsync(params string[] args) => RunUntilAsync(TestContext.Current.CancellationToken, args);

    /// <summary>Runs until it ends or is cancelled.</summary>
    public Task<Outcome> RunUntilAsync(CancellationToken cancellation, params string[] args) =>
        RunAsync(Surroundings, args, cancellation, IsTerminal, Replace);

    /// <summary>Runs in folders and with variables that are there.</summary>
    public static async Task<Outcome> RunAsync(
        Surroundings surroundings,
        IReadOnlyList<string> args,
        CancellationToken cancellation,
        bool isTerminal = false,
        Action<IServiceCollection>? replace = null
    )
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var terminal = new Terminal(output, error) { OutIsTerminal = isTerminal, ErrorIsTerminal = isTerminal };
        using var host = ToolHost.Build(terminal, surroundings, replace);
        var exitCode = await host.Services.GetRequiredService<CommandRunner>().RunAsync(args, cancellation);
        return new(exitCode, output.ToString(), error.ToString());
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>What a run came to.</summary>
internal sealed record Outcome(int ExitCode, string Out, string Error)
{
    /// <summary>Standard output as the one JSON document that it must be.</summary>
    public JsonElement Json() => JsonElement.Parse(Out);
}
