using System.Globalization;
using DasAudit.Core.Platforms;

namespace DasAudit.Benchmarks.Gradients;

/// <summary>CPU time and peak memory of this process.</summary>
internal static class ProcessMeasures
{
    /// <summary>CPU seconds that something takes, of all threads.</summary>
    public static double Seconds(Action run)
    {
        var before = Environment.CpuUsage.TotalTime;
        run();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    /// <summary>
    /// Megabytes that the peak of something lies above what is resident when no memory is kept for reuse (0 where
    /// Linux's /proc is missing).
    /// </summary>
    public static double PeakMB(Action run)
    {
        ResetPeak();
        var before = Status("VmRSS:");
        run();
        return (Status("VmHWM:") - before) / 1024;
    }

    /// <summary>Megabytes of the whole process at the peak of something; no memory is kept for reuse before.</summary>
    public static double AbsolutePeakMB(Action run)
    {
        ResetPeak();
        run();
        return Status("VmHWM:") / 1024;
    }

    private static void ResetPeak()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Platform.Current.ReturnFreedMemory();
        if (File.Exists("/proc/self/clear_refs"))
            File.WriteAllText("/proc/self/clear_refs", "5");
    }

    private static double Status(string key)
    {
        if (!File.Exists("/proc/self/status"))
            return 0;
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal));
        var number = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1];
        return double.Parse(number, CultureInfo.InvariantCulture);
    }
}
