using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Tests.Commands.Audits;

namespace DasAudit.Cli.Tests.Commands.Features;

/// <summary>The tool as a process that is killed. <c>DASAUDIT_TEST_KILLS=50</c> sets how often.</summary>
[Collection(nameof(SmallWorldTests))]
public sealed class KilledBuildTests(SmallWorld world) : IDisposable
{
    private const int Pictures = 150;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_at_any_moment_and_run_again_it_gives_the_bytes_of_an_uninterrupted_run()
    {
        for (var i = 0; i < Pictures; i++)
            SmallWorld.WritePicture(Path.Combine(_folder.Path, "pictures", $"{i:000}.png"), i);
        var watch = Stopwatch.StartNew();
        Assert.True(await RunAsync("whole", null));
        var duration = watch.Elapsed;
        var whole = SmallWorld.Contents(At("whole"));
        Assert.Equal(Pictures / 64 + 2, whole.Count);

        var kills = int.Parse(
            Environment.GetEnvironmentVariable("DASAUDIT_TEST_KILLS") ?? "5",
            CultureInfo.InvariantCulture
        );
        var random = new Random(4);
        for (var killed = 0; killed < kills; )
        {
            // A run that ends before its time has nothing left to be killed for, and the next begins anew.
            if (await RunAsync("killed", duration * random.NextDouble()))
            {
                Assert.Equal(whole, SmallWorld.Contents(At("killed")));
                Directory.Delete(At("killed"), recursive: true);
                continue;
            }

            killed++;
            var kept = SmallWorld
                .Contents(At("killed"))
                .Where(file => !file.Key.EndsWith(".tmp", StringComparison.Ordinal))
                .ToList();
            Assert.All(kept, file => Assert.Equal(whole[file.Key], file.Value));
        }

        Assert.True(await RunAsync("killed", null));
        Assert.Equal(whole, SmallWorld.Contents(At("killed")));
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    /// <summary>Runs to the end, or is killed after a while.</summary>
    /// <returns>Whether it ended by itself.</returns>
    private async Task<bool> RunAsync(string output, TimeSpan? kill)
    {
        var dotnet = Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")
        );
        var start = new ProcessStartInfo(
            dotnet,
            [
                Path.Combine(AppContext.BaseDirectory, "das-audit.dll"),
                "features",
                "build",
                "--model",
                world.Model,
                "--dataset",
                At("pictures"),
                "--output",
                At(output),
                "--adapter",
                "diffusers",
                "--timesteps",
                "1",
                "--replicates",
                "1",
                "--projection",
                "sjlt:32768",
                "--threads",
                "2",
                "--quiet",
            ]
        )
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        if (kill is { } after)
            end.CancelAfter(after);
        try
        {
            await process.WaitForExitAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(); // SIGKILL
            await process.WaitForExitAsync(CancellationToken.None);
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            return process.ExitCode == 0;
        }

        Assert.Equal((0, ""), (process.ExitCode, await error));
        return true;
    }
}
