using System.Diagnostics;
using System.Runtime.InteropServices;
using DasAudit.Cli.Tests.Commands.Audits;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Builds;

/// <summary>The sample project in a folder of its own, with the pictures of a <see cref="SmallWorld"/>.</summary>
internal sealed class SampleBuild : IDisposable
{
    private static readonly string DotNet = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")
    );

    private readonly TempFolder _folder = new();

    public SampleBuild(SmallWorld world)
    {
        SmallWorld.Copy(Path.Combine(AppContext.BaseDirectory, "Builds", "Sample"), Folder);
        File.Copy(
            Path.Combine(AppContext.BaseDirectory, "Builds", "DasAudit.MSBuild.targets"),
            At("DasAudit.MSBuild.targets")
        );
        SmallWorld.Copy(world.Model, At("model"));
        SmallWorld.Copy(world.Dataset, At("pictures"));
    }

    public string Folder => Path.Combine(_folder.Path, "sample");

    /// <summary>What stands before the tool's arguments; null for the tool of a manifest.</summary>
    public string? Command { get; set; }

    public string At(string path) => Path.Combine(Folder, path);

    /// <summary>Runs dotnet with arguments that follow the project.</summary>
    public async Task<Outcome> RunAsync(string verb, params string[] further)
    {
        var start = new ProcessStartInfo(DotNet, [verb, .. further, "-nologo", "-nodeReuse:false", "-v:normal"])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Neither what steers the tests nor what the build of the tests set may reach it.
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToList())
            start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DASAUDIT_REHASH"] = "true";
        if (Command is not null)
            start.Environment["DasAuditCommand"] = Command;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await error);
    }

    public void Dispose() => _folder.Dispose();

    private static bool IsForeign(string name) =>
        name.StartsWith("DASAUDIT", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || name is "CI" or "TreatWarningsAsErrors";
}
