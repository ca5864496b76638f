using System.Globalization;

namespace DasAudit.Benchmarks.Gradients;

/// <summary>CPU time and peak memory of this process.</summary>
internal static class ProcessMeasures
{
    /// <summary>Runs something; CPU seconds it took, and megabytes that its peak lay above what was resident before (0 where Linux's /proc is missing).</summary>
    public static (double Seconds, double PeakMB) Of(Action run)
    {
        ResetPeak();
        var (memory, time) = (Status("VmRSS:"), Environment.CpuUsage.TotalTime);
        run();
        return ((Environment.CpuUsage.TotalTime - time).TotalSeconds, (Status("VmHWM:") - memory) / 1024);
    }

    private static void ResetPeak()
    {
        if (File.Exists("/proc/self/clear_refs")) File.WriteAllText("/proc/self/clear_refs", "5");
    }

    private static double Status(string key)
    {
        if (!File.Exists("/proc/self/status")) return 0;
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal));
        return double.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
