using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Core.Platforms;

namespace DasAudit.Cli.Commands.Doctor;

internal static class MachineChecks
{
    private const long LittleDisk = 1_000_000_000;
    private const long TooLittleDisk = 50_000_000;
    private const long LittleMemory = 2_000_000_000;

    public static CheckResult Runtime(Invocation invocation)
    {
        var architecture = RuntimeInformation.ProcessArchitecture;
        var detail = $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {architecture}";
        return CheckResult.Ok(detail);
    }

    /// <summary>Whether there is room where the store is.</summary>
    public static CheckResult Disk(Invocation invocation)
    {
        var folder = invocation.Store;
        while (!Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        var free = new DriveInfo(folder).AvailableFreeSpace;
        return JudgeDisk(free, $"{Numbers.Bytes(free)} free in '{invocation.Surroundings.Show(folder)}'");
    }

    internal static CheckResult JudgeDisk(long free, string detail) =>
        free switch
        {
            < TooLittleDisk => CheckResult.Fail(detail, "make room, or name a store elsewhere with --store"),
            < LittleDisk => CheckResult.Warn(detail, "make room before auditing a large dataset"),
            _ => CheckResult.Ok(detail),
        };

    public static CheckResult Processor(Invocation invocation)
    {
        var features = new List<string>();
        if (Avx2.IsSupported)
            features.Add("AVX2");
        if (Fma.IsSupported)
            features.Add("FMA");
        if (Vector512.IsHardwareAccelerated)
            features.Add("AVX-512");
        var detail =
            $"{Numbers.Count(Environment.ProcessorCount, "thread")}, "
            + (features.Count == 0 ? "no AVX2" : string.Join(", ", features));
        return Avx2.IsSupported
            ? CheckResult.Ok(detail)
            : CheckResult.Warn(detail, "expect audits to take several times as long");
    }

    public static CheckResult Memory(Invocation invocation)
    {
        // What the process may have in all (a container's limit counts), and what the system has free of it.
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var free = Math.Min(total, Platform.Current.FreeMemory() ?? total);
        var detail = $"{Numbers.Bytes(free)} of {Numbers.Bytes(total)} available";
        return free < LittleMemory
            ? CheckResult.Warn(detail, "end other programs before auditing a large model")
            : CheckResult.Ok(detail);
    }
}
