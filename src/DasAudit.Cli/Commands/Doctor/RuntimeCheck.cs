using System.Runtime.InteropServices;
using DasAudit.Cli.CommandLine;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>The runtime and the system.</summary>
internal sealed class RuntimeCheck : IDoctorCheck
{
    /// <inheritdoc/>
    public string Name => "runtime";

    /// <inheritdoc/>
    public CheckResult Run(Invocation invocation)
    {
        var found =
            $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}";
        return OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
            ? CheckResult.Ok(found)
            : CheckResult.Fail(found, "das-audit comes with libraries for Linux on x64 only");
    }
}
