using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>Whether libtorch loads, and whether the wanted device is there.</summary>
internal sealed class LibTorchCheck(TorchRuntime runtime, CommonSettings common, Surroundings surroundings)
    : IDoctorCheck
{
    /// <inheritdoc/>
    public string Name => "libtorch";

    /// <inheritdoc/>
    public CheckResult Run(Invocation invocation)
    {
        var session = runtime.Start(invocation.Get(common.Device), invocation.Get(common.Threads));
        var found = session.LibTorch;
        return CheckResult.Ok(
            $"libtorch {found.Version} {(found.HasCuda ? "with" : "without")} CUDA on {session.Environment.Device}"
                + (found.Folder is { } folder ? $", from '{surroundings.Show(folder)}' ({LibTorch.Variable})" : "")
        );
    }
}
