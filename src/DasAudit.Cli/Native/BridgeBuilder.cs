using System.Diagnostics;
using DasAudit.Core.Platforms;

namespace DasAudit.Cli.Native;

/// <summary>Compiles LibTorchSharp for the PyTorch that is installed.</summary>
internal static class BridgeBuilder
{
    /// <summary>Runs the script that comes with the tool.</summary>
    /// <param name="folder">Where the library and its record are put, absolute.</param>
    /// <param name="source">TorchSharp's source, absolute; null to fetch it.</param>
    /// <param name="say">Told what the script does.</param>
    /// <returns>The folder of the PyTorch.</returns>
    /// <exception cref="AuditException">It cannot be compiled.</exception>
    public static async Task<string> BuildAsync(
        Surroundings surroundings,
        string folder,
        string? source,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        if (!Platform.Current.TakesOtherLibTorch)
            throw new AuditException(
                $"--build-bridge: on {Platform.Current.System} das-audit computes with its own libtorch alone; "
                    + "leave it out."
            );
        var script = Path.Combine(surroundings.ToolDirectory, "bridge", "build-bridge.sh");
        string[] arguments =
        [
            script,
            folder,
            LibTorchBridge.TorchSharpVersion,
            .. source is null ? [] : new[] { source },
        ];
        var start = new ProcessStartInfo("bash", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(start);
        var last = "";
        var errors = Task.Run(
            async () =>
            {
                while (await process.StandardError.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
                {
                    say(line);
                    last = line;
                }
            },
            cancellation
        );
        var output = await process.StandardOutput.ReadToEndAsync(cancellation).ConfigureAwait(false);
        await errors.ConfigureAwait(false);
        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return process.ExitCode == 0
            ? output.Trim()
            : throw new AuditException(
                $"LibTorchSharp could not be compiled: {last.TrimEnd('.')}; see the lines above."
            );
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new AuditException(
                $"The script that compiles LibTorchSharp needs bash ({e.Message}); install it.",
                e
            );
        }
    }
}
