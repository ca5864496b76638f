using DasAudit.Cli.Native;
using DasAudit.Cli.Settings;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>Whether libtorch loads, and whether the wanted device is there.</summary>
internal sealed class LibTorchCheck(TorchRuntime runtime, CommonSettings common) : IDoctorCheck
{
    /// <inheritdoc/>
    public string Name => "libtorch";

    /// <inheritdoc/>
    public CheckResult Run(Invocation invocation)
    {
        var session = runtime.Start(invocation.Get(common.Device), invocation.Get(common.Threads));
        return CheckResult.Ok($"libtorch {session.Environment.Libtorch} on {session.Environment.Device}");
    }
}
