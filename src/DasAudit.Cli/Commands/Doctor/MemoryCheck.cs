using System.Globalization;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>Whether there is memory for an audit.</summary>
internal sealed class MemoryCheck : IDoctorCheck
{
    private const long Little = 2_000_000_000;

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public CheckResult Run(Invocation invocation)
    {
        // What the process may have in all (a container's limit counts), and what the system has free of it.
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var free = Math.Min(total, Available() ?? total);
        var found = $"{Numbers.Bytes(free)} of {Numbers.Bytes(total)} available";
        return free < Little
            ? CheckResult.Warn(found, "end other programs before auditing a large model")
            : CheckResult.Ok(found);
    }

    private static long? Available()
    {
        const string file = "/proc/meminfo";
        if (!File.Exists(file))
            return null;
        var line = File.ReadLines(file)
            .FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..]
            ? long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024
            : null;
    }
}
