using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>Whether there is room where the store is.</summary>
internal sealed class DiskCheck(Surroundings surroundings, CommonSettings common) : IDoctorCheck
{
    private const long Little = 1_000_000_000;
    private const long TooLittle = 50_000_000;

    /// <inheritdoc/>
    public string Name => "disk";

    /// <inheritdoc/>
    public CheckResult Run(Invocation invocation)
    {
        var folder = surroundings.Resolve(invocation.Get(common.Store));
        while (!Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        var free = new DriveInfo(folder).AvailableFreeSpace;
        return Judge(free, $"{Numbers.Bytes(free)} free in '{surroundings.Show(folder)}'");
    }

    /// <summary>What that much room is worth.</summary>
    internal static CheckResult Judge(long free, string found) =>
        free switch
        {
            < TooLittle => CheckResult.Fail(found, "make room, or name a store elsewhere with --store"),
            < Little => CheckResult.Warn(found, "make room before auditing a large dataset"),
            _ => CheckResult.Ok(found),
        };
}
